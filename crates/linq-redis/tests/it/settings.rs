use linq_redis::{Config, ConnectError};

use super::{
    server::Server,
    store::{connect_to, enqueue},
};

async fn refusal(config: Config) -> ConnectError {
    linq_redis::connect(config).await.map(drop).unwrap_err()
}

#[tokio::test]
async fn a_server_that_can_lose_what_was_stored_is_refused_unless_that_is_allowed() {
    let Some(server) = Server::start() else { return };
    for (setting, lossy, safe) in [
        ("appendonly", "no", "yes"),
        ("appendfsync", "everysec", "always"),
        ("appendfsync", "no", "always"),
        ("no-appendfsync-on-rewrite", "yes", "no"),
        ("maxmemory-policy", "allkeys-lru", "noeviction"),
        ("maxmemory-policy", "volatile-ttl", "noeviction"),
    ] {
        server.run::<()>(&format!("CONFIG SET {setting} {lossy}"));
        let refused = refusal(Config::new(server.client())).await;
        let ConnectError::LossySetting { name, value, expected, .. } = &refused else {
            panic!("{setting} {lossy}: {refused}");
        };
        assert_eq!((*name, value.as_str(), *expected), (setting, lossy, safe));
        assert!(refused.to_string().contains("call `Config::allow_loss`"), "{refused}");
        let store = connect_to(Config::new(server.client()).allow_loss()).await;
        enqueue(&store, &format!("{setting} {lossy}")).await.unwrap();
        server.run::<()>(&format!("CONFIG SET {setting} {safe}"));
    }
    connect_to(Config::new(server.client())).await;
}

#[tokio::test]
async fn a_server_that_hides_its_settings_is_refused_unless_loss_is_allowed() {
    let Some(server) = Server::start() else { return };
    server.run::<()>("ACL SETUSER hosted on >secret ~* +@all -@dangerous");
    let refused = refusal(Config::new(server.client_of("hosted"))).await;
    assert!(matches!(refused, ConnectError::HiddenSettings(_)), "{refused}");
    assert!(refused.to_string().contains("may lose what was stored"), "{refused}");
    let store = connect_to(Config::new(server.client_of("hosted")).allow_loss()).await;
    enqueue(&store, "1").await.unwrap();
}

#[tokio::test]
async fn the_documented_rights_of_a_user_are_enough() {
    let Some(server) = Server::start() else { return };
    server.run::<()>("ACL SETUSER bot on >secret ~{linq:bot}:* +@all -@dangerous +config|get");
    let config = Config::new(server.client_of("bot"));
    assert!(!format!("{config:?}").contains("secret"));
    let store = connect_to(config.clone().name("bot")).await;
    enqueue(&store, "1").await.unwrap();
    let refused = refusal(config.name("other")).await;
    assert!(matches!(refused, ConnectError::Redis(_)), "{refused}");
}

#[tokio::test]
async fn invalid_names_and_newer_layouts_are_refused() {
    let Some(server) = Server::start() else { return };
    for name in ["", "a}b", "a b", "ä"] {
        let refused = refusal(Config::new(server.client()).name(name)).await;
        assert!(matches!(refused, ConnectError::InvalidName), "{name}: {refused}");
    }
    connect_to(Config::new(server.client())).await;
    server.run::<()>("SET {linq:default}:format 1000");
    let refused = refusal(Config::new(server.client())).await;
    assert!(refused.to_string().contains("layout 1000"), "{refused}");
}

//! Where webhooks are delivered to.

use linq_sandbox::{Delivery, DeliveryOutcome, Sandbox, SandboxBuilder};
use serde_json::json;

use super::{
    api::{ADA, Api},
    receiver::Receiver,
};

/// The receiver at an address that is not of the loopback, but reaches it.
fn elsewhere(receiver: &Receiver) -> String {
    receiver.url().replace("127.0.0.1", "0.0.0.0")
}

fn origin(url: &str) -> String {
    url.strip_suffix("/hook").unwrap().to_owned()
}

/// The first attempt to deliver a message to this URL.
async fn delivered(builder: SandboxBuilder, url: &str) -> Delivery {
    let api = Api::with(builder.manual_time()).await;
    let body = json!({ "target_url": url, "subscribed_events": ["message.received"] });
    let created = api.post("/v3/webhook-subscriptions", body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.body["target_url"], url);
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    api.sandbox.deliveries().remove(0)
}

fn reason(delivery: &Delivery) -> &str {
    match &delivery.outcome {
        DeliveryOutcome::Failed(reason) => reason,
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn another_machine_is_a_target_only_if_its_origin_is_allowed() {
    let receiver = Receiver::start().await;
    let url = elsewhere(&receiver);
    for allowed in [None, Some("http://0.0.0.0:1".to_owned()), Some(origin(&url).replace("http:", "https:"))]
    {
        let builder = allowed.iter().fold(Sandbox::builder(), |new, allowed| new.allow_target(allowed));
        let api = Api::with(builder).await;
        let body = json!({ "target_url": url, "subscribed_events": ["message.received"] });
        let refused = api.post("/v3/webhook-subscriptions", body).await;
        assert_eq!(refused.refusal(), (400, 1005));
        assert!(refused.error_message().contains(&origin(&url)), "{refused:?}");
        assert!(api.sandbox.subscribe(&url).is_err());
    }

    let builder = Sandbox::builder().allow_target("http://other:80").allow_target(origin(&url));
    let api = Api::with(builder).await;
    receiver.trust(api.sandbox.subscribe(&url).unwrap().expose());
    api.sandbox.person(ADA).says("Hi!").unwrap();
    receiver.wait_for(1).await;
    let update = json!({ "target_url": "http://10.0.0.1/" });
    let id = api.get("/v3/webhook-subscriptions").await.body["subscriptions"][0]["id"].clone();
    let path = format!("/v3/webhook-subscriptions/{}", id.as_str().unwrap());
    assert_eq!(api.put(&path, update).await.refusal(), (400, 1005));
}

#[tokio::test]
async fn https_elsewhere_can_be_subscribed_but_is_delivered_only_if_it_is_allowed() {
    for builder in [Sandbox::builder(), Sandbox::builder().allow_target("https://0.0.0.0:2")] {
        let delivery = delivered(builder, "https://0.0.0.0:1/hook").await;
        assert!(reason(&delivery).contains("allow https://0.0.0.0:1 with"), "{delivery:?}");
        assert_eq!(delivery.retry_at, None);
    }
}

#[tokio::test]
async fn the_path_and_the_query_of_a_target_arrive_percent_encoded() {
    let receiver = Receiver::start().await;
    let api = Api::still().await;
    let suffixes = [
        ("/é", "/%C3%A9"),
        ("/%C3%A9", "/%C3%A9"),
        ("/a b", "/a%20b"),
        ("/🎉?q=ü&r=a b", "/%F0%9F%8E%89?q=%C3%BC&r=a%20b"),
        ("/\"<>\\^`{|}", "/%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("?version=2026-02-03&é", "?version=2026-02-03&%C3%A9"),
        ("/x#fragment", "/x"),
    ];
    for (given, _) in suffixes {
        api.subscribe(&receiver, given, json!({ "subscribed_events": ["message.received"] })).await;
    }
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    let paths: Vec<_> = receiver.received().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, suffixes.map(|(_, arrives)| format!("/hook{arrives}")));
}

#[tokio::test]
async fn a_target_that_cannot_be_requested_is_rejected_with_the_reason() {
    let api = Api::start().await;
    for (url, reason) in [
        ("https://bücher.example/", "xn--"),
        ("https://example.com:99999/", "port"),
        ("https://user:password@example.com/", "user name or password"),
        ("https://example.com/\u{9b}31m", "control characters"),
        ("https://exa mple.com/", "host"),
        ("ftp://example.com/", "https or http"),
        ("", "absolute"),
    ] {
        let body = json!({ "target_url": url, "subscribed_events": ["message.received"] });
        let refused = api.post("/v3/webhook-subscriptions", body).await;
        assert_eq!(refused.refusal(), (400, 1005), "{url}");
        let message = refused.error_message();
        assert!(message.starts_with("`target_url` ") && message.contains(reason), "{message}");
        assert!(!message.contains("password@"), "{message}");
    }
}

#[cfg(not(feature = "tls"))]
#[tokio::test]
async fn https_without_the_feature_tls_is_logged_as_failed_with_the_reason() {
    let delivery = delivered(Sandbox::builder(), "https://localhost:1/hook").await;
    assert_eq!(reason(&delivery), "`https` needs the feature `tls` of linq-sandbox");
    assert_eq!(delivery.retry_at, None);
}

#[cfg(feature = "tls")]
mod tls {
    use std::{convert::Infallible, net::SocketAddr, sync::Arc};

    use bytes::Bytes;
    use http::Response;
    use http_body_util::{BodyExt as _, Full};
    use hyper::{server::conn::http1, service::service_fn};
    use hyper_util::rt::TokioIo;
    use linq_sandbox::{DeliveryOutcome, Sandbox};
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
    use tokio::{net::TcpListener, task::JoinSet};
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, crypto::aws_lc_rs::default_provider, pki_types::PrivateKeyDer},
    };

    use super::{delivered, reason};

    type Authority = CertifiedIssuer<'static, KeyPair>;

    fn authority(name: &str) -> Authority {
        let mut parameters = CertificateParams::new([]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
    }

    /// A receiver over TLS that accepts everything, with a certificate for these names.
    struct TlsReceiver {
        address: SocketAddr,
        _server: JoinSet<()>,
    }

    impl TlsReceiver {
        async fn start(authority: &Authority, names: &[&str], is_expired: bool) -> Self {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            let mut parameters = CertificateParams::new(names).unwrap();
            if is_expired {
                parameters.not_after = date_time_ymd(2020, 1, 1);
            }
            let key = KeyPair::generate().unwrap();
            let certificate = parameters.signed_by(&key, authority).unwrap();
            let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
            let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], key)
                .unwrap();
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            let mut server = JoinSet::new();
            server.spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
            Self { address, _server: server }
        }

        fn url(&self, host: &str) -> String {
            format!("https://{host}:{}/hook", self.address.port())
        }
    }

    async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let service = service_fn(|request: http::Request<hyper::body::Incoming>| async {
                assert_eq!(request.uri().path(), "/hook");
                assert!(request.headers().contains_key("webhook-signature"));
                request.into_body().collect().await.unwrap();
                Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        }
    }

    #[tokio::test]
    async fn https_is_delivered_to_a_receiver_whose_certificate_is_trusted_and_fits() {
        let (known, unknown) = (authority("known"), authority("unknown"));
        let good = TlsReceiver::start(&known, &["localhost", "127.0.0.1", "0.0.0.0"], false).await;
        let other_name = TlsReceiver::start(&known, &["example.com"], false).await;
        let expired = TlsReceiver::start(&known, &["localhost"], true).await;
        let untrusted = TlsReceiver::start(&unknown, &["localhost"], false).await;
        let trusting = || Sandbox::builder().target_ca(known.pem());
        for url in [good.url("localhost"), good.url("127.0.0.1")] {
            let delivery = delivered(trusting(), &url).await;
            assert!(delivery.succeeded(), "{url}: {delivery:?}");
        }
        let elsewhere = good.url("0.0.0.0");
        let allowed = trusting().allow_target(elsewhere.strip_suffix("/hook").unwrap());
        let delivery = delivered(allowed, &elsewhere).await;
        assert!(delivery.succeeded(), "{delivery:?}");

        for (builder, url, why) in [
            (trusting(), other_name.url("localhost"), "certificate"),
            (trusting(), expired.url("localhost"), "expired"),
            (trusting(), untrusted.url("localhost"), "UnknownIssuer"),
            (Sandbox::builder(), good.url("localhost"), "UnknownIssuer"),
            (trusting(), elsewhere, "to this machine only"),
        ] {
            let delivery = delivered(builder, &url).await;
            assert!(reason(&delivery).contains(why), "{why}: {delivery:?}");
            assert_eq!(delivery.retry_at, None, "{delivery:?}");
        }
        let several = format!("{}{}", unknown.pem(), known.pem());
        for url in [good.url("localhost"), untrusted.url("localhost")] {
            assert!(delivered(Sandbox::builder().target_ca(several.clone()), &url).await.succeeded());
        }
    }

    #[tokio::test]
    async fn https_that_is_refused_is_tried_again() {
        let closed = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
        let delivery = delivered(Sandbox::builder(), &format!("https://{closed}/")).await;
        assert!(matches!(&delivery.outcome, DeliveryOutcome::Failed(reason) if reason.contains("refused")));
        assert!(delivery.retry_at.is_some());
    }
}

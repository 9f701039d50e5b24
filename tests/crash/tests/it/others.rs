//! Job queues of others, which the judge counts the same of.

use std::env;

use super::{
    kills::{CHATS, MARGIN, RECOVERY, deliver_and_kill, duration, either},
    postgres::Server,
    scene::Scene,
    victim::Setup,
    watchdog::within,
};

/// Kills two processes on a queue of `benches/queues`, whose program `LINQ_QUEUES` has, and says what the judge counts. No event
/// kills its process.
fn is_judged(queue: &'static str, server: Option<Server>) {
    within(duration() + MARGIN, move |stage| {
        let folder = tempfile::tempdir().unwrap();
        let address = match &server {
            // The address begins with the host, which is the folder of the socket.
            Some(server) => {
                let host = server.address().split(' ').next().unwrap().to_owned();
                format!("postgres://postgres@localhost/postgres?{host}")
            }
            None => folder.path().join("queue.db").display().to_string(),
        };
        let setup = Setup {
            program: env::var("LINQ_QUEUES").expect("LINQ_QUEUES must be the program of benches/queues"),
            role: "bot",
            store: format!("{queue}:{address}"),
            log: folder.path().join("log").display().to_string(),
            fault: None,
            trace: None,
        };
        let server = server.map(|server| Box::new(server) as _);
        let scene = stage.get_or_init(|| Scene::bots(folder, setup, server, CHATS));
        let kills = deliver_and_kill(scene, |elapsed| elapsed >= duration(), either);
        scene.wait_for_answers(RECOVERY);
        let counts = scene.counts();
        println!("{queue}, {kills} kills: {counts}");
        assert!(counts.accepted > 0, "the queue works");
    });
}

#[test]
#[ignore = "needs the program of benches/queues"]
fn apalis_on_sqlite_is_judged() {
    is_judged("apalis-sqlite", None);
}

#[test]
#[ignore = "needs the program of benches/queues"]
fn apalis_on_postgresql_is_judged() {
    is_judged("apalis-postgres", Some(Server::start().expect("PostgreSQL is not installed")));
}

#[test]
#[ignore = "needs the program of benches/queues"]
fn graphile_worker_is_judged() {
    is_judged("graphile_worker", Some(Server::start().expect("PostgreSQL is not installed")));
}

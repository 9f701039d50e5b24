//! System calls prove that SQLite syncs an event before its 202.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    postgres::skip,
    scene::Scene,
    trace::{Checked, check},
    victim::{OURS, Setup},
    watchdog::within,
};

const LIMIT: Duration = Duration::from_secs(60);
const CHATS: usize = 6;
const ROUNDS: usize = 10;

fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let is_traced = traced.is_ok_and(|status| status.success());
    if !is_traced {
        skip("strace is not installed (Debian: strace) or must not trace processes");
    }
    is_traced
}

/// Delivers events one by one, and then of several chats at once, to a receiver that is traced.
fn trace_a_receiver(store: fn(&str) -> String, fault: Option<&'static str>, test: fn(&Checked)) {
    if !can_trace() {
        return;
    }
    within(LIMIT, move |stage| {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let trace = path("trace");
        let setup = Setup {
            program: OURS.to_owned(),
            role: "receiver",
            store: store(&path("bot.db")),
            log: path("log"),
            fault,
            trace: Some(trace.clone()),
        };
        let scene = stage.get_or_init(|| Scene::receiver(folder, setup, None, CHATS));
        for poster in &scene.posters {
            poster.deliver(&scene.stop, &scene.ports());
        }
        for _ in 0..ROUNDS {
            scene.deliver_once();
        }
        scene.victims[0].end();

        let checked = check(&fs::read_to_string(&trace).unwrap());
        assert!(checked.accepted >= CHATS * (1 + ROUNDS), "{checked:?}");
        test(&checked);
    });
}

fn sqlite(path: &str) -> String {
    format!("sqlite:{path}")
}

#[test]
fn every_202_of_sqlite_follows_a_sync_of_its_event() {
    trace_a_receiver(sqlite, None, |checked| assert_eq!(checked.unsynced, [""; 0]));
}

#[test]
fn a_202_before_the_sync_is_noticed() {
    trace_a_receiver(sqlite, Some("early"), |checked| assert!(!checked.unsynced.is_empty()));
}

#[test]
fn a_store_without_syncs_is_noticed() {
    let test = |checked: &Checked| assert_eq!(checked.unsynced.len(), checked.accepted);
    trace_a_receiver(|_| "memory".to_owned(), None, test);
}

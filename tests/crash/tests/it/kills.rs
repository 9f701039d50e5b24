use std::{
    collections::BTreeMap,
    env, fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{
    judge::{Counts, handled, judge},
    server::Server,
    service::deliver,
    victim::{Setup, Victim},
};

const CHATS: usize = 6;
/// After so long without progress, what is not handled is lost. It covers leases, and the attempts of an event that kills its
/// process each time, on slow machines.
const RECOVERY: Duration = Duration::from_secs(30);
/// The same where a store that loses events is expected.
const SHORT_RECOVERY: Duration = Duration::from_secs(5);

/// How long processes are killed: 10 seconds, or `LINQ_CRASH_SECONDS`.
fn duration() -> Duration {
    let seconds = env::var("LINQ_CRASH_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

/// Delivers events to two processes on one store, and kills at random, until the time is over. Then waits until everything is
/// handled.
fn run(
    setup: &Setup,
    duration: Duration,
    recovery: Duration,
    mut kill: impl FnMut(&mut [Victim; 2]),
) -> (Counts, usize) {
    let stop = AtomicBool::new(false);
    let mut victims = [Victim::start(setup), Victim::start(setup)];
    let ports = victims.each_ref().map(|victim| victim.port);
    let mut kills = 0;
    let accepted: BTreeMap<String, Vec<String>> = thread::scope(|scope| {
        let services: Vec<_> = (0..CHATS)
            .map(|number| {
                let (stop, chat) = (&stop, format!("chat-{number}"));
                scope.spawn(move || {
                    let accepted = deliver(&chat, &ports, stop);
                    (chat, accepted)
                })
            })
            .collect();
        let start = Instant::now();
        while start.elapsed() < duration {
            thread::sleep(Duration::from_millis(fastrand::u64(5..500)));
            kill(&mut victims);
            victims.iter_mut().for_each(Victim::restart_if_dead);
            kills += 1;
        }
        stop.store(true, Ordering::Relaxed);
        services.into_iter().map(|service| service.join().unwrap()).collect()
    });
    let expected = accepted.values().flatten().filter(|id| !id.starts_with("poison")).count();
    let mut progress = (0, Instant::now());
    while progress.0 < expected && progress.1.elapsed() < recovery {
        thread::sleep(Duration::from_millis(100));
        victims.iter_mut().for_each(Victim::restart_if_dead);
        let handled = handled(&fs::read_to_string(&setup.log).unwrap_or_default());
        let done = accepted.values().flatten().filter(|id| handled.contains(*id)).count();
        if done > progress.0 {
            progress = (done, Instant::now());
        }
    }
    let deaths: Vec<_> = victims.into_iter().flat_map(Victim::into_deaths).collect();
    (judge(&accepted, &fs::read_to_string(&setup.log).unwrap_or_default(), &deaths), kills)
}

fn either(victims: &mut [Victim; 2]) {
    victims[fastrand::usize(..2)].restart();
}

fn sqlite(folder: &tempfile::TempDir, fault: Option<&'static str>) -> Setup {
    let store = format!("sqlite:{}", folder.path().join("bot.db").display());
    Setup { store, log: log(folder), fault }
}

fn log(folder: &tempfile::TempDir) -> String {
    folder.path().join("log").display().to_string()
}

#[test]
fn nothing_is_lost_or_out_of_order_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let (counts, kills) = run(&sqlite(&folder, None), duration(), RECOVERY, either);
    println!("sqlite, {kills} kills: {counts}");

    assert_eq!(counts.broken_promises(), 0, "{counts}");
    assert!(kills >= 10 && counts.accepted >= 100, "{kills} kills, {counts}");
}

#[test]
fn nothing_is_lost_or_out_of_order_on_postgresql() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup { store: server.address(), log: log(&folder), fault: None };
    let (counts, kills) = run(&setup, duration(), RECOVERY, either);
    println!("postgresql, {kills} kills: {counts}");
    assert_eq!(counts.broken_promises(), 0, "{counts}");
    assert!(kills >= 10 && counts.accepted >= 100, "{kills} kills, {counts}");
}

#[test]
fn nothing_is_lost_or_out_of_order_when_the_server_of_postgresql_dies() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup { store: server.address(), log: log(&folder), fault: None };
    let (counts, kills) = run(&setup, duration(), RECOVERY, |_| {
        if fastrand::bool() {
            server.kill();
        } else {
            server.stop_at_once();
        }
        server.start_again();
    });
    println!("postgresql, {kills} deaths of the server: {counts}");
    assert_eq!(counts.broken_promises(), 0, "{counts}");
    assert!(kills >= 3 && counts.accepted >= 20, "{kills} deaths, {counts}");
}

#[test]
fn a_store_that_breaks_a_promise_is_noticed() {
    for (fault, broken) in [
        ("unordered", (|counts| counts.disordered + counts.overlapping) as fn(&Counts) -> usize),
        ("no-lease", |counts| counts.overlapping),
        ("forgetful", |counts| counts.lost),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (counts, kills) =
            run(&sqlite(&folder, Some(fault)), Duration::from_secs(3), SHORT_RECOVERY, either);
        println!("{fault}, {kills} kills: {counts}");
        assert!(broken(&counts) > 0, "{fault} was not noticed: {counts}");
    }
}

use std::{
    env, thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    contents::Contents,
    judge::{Counts, is_poison},
    postgres, redis,
    scene::Scene,
    servers::Server,
    victim::{OURS, Setup, Victim},
    watchdog::within,
};

pub(super) const CHATS: usize = 40;
/// So few that a process has nothing to do but to take over the events of one that pauses.
pub(super) const CHATS_FOR_PAUSES: usize = 8;
/// How many events of each chat are accepted at least, however long that takes.
const EVENTS: usize = 2;
/// How long the victims may take for what is left after the last kill. It covers the attempts of the poison, each of which
/// ends with its lease.
pub(super) const RECOVERY: Duration = Duration::from_secs(180);
/// How long a test may take beside killing: to set up, to recover, and to start the server again.
pub(super) const MARGIN: Duration = Duration::from_secs(400);

/// How long processes are killed: 4 seconds, or `LINQ_CRASH_SECONDS`.
pub(super) fn duration() -> Duration {
    let seconds = env::var("LINQ_CRASH_SECONDS");
    let seconds =
        seconds.map_or(4, |text| text.parse().expect("LINQ_CRASH_SECONDS must be a number of seconds"));
    Duration::from_secs(seconds)
}

/// Delivers events to two processes on one store and kills, until it has been enough. Then waits until everything is handled.
/// Returns what the judge and the store say, and the number of kills.
pub(super) fn run(
    scene: &Scene,
    is_enough: impl Fn(Duration) -> bool,
    recovery: Duration,
    kill: impl Fn(&Scene),
) -> (Counts, anyhow::Result<Contents>, u32) {
    let kills = deliver_and_kill(scene, is_enough, kill);
    let contents = scene.settle(recovery);
    (scene.counts(), contents, kills)
}

/// Delivers events to two processes and calls `kill` again and again, until it has been enough. Returns the number of kills.
pub(super) fn deliver_and_kill(
    scene: &Scene,
    is_enough: impl Fn(Duration) -> bool,
    kill: impl Fn(&Scene),
) -> u32 {
    let mut kills = 0;
    scene.deliver_during(|| {
        let start = Instant::now();
        while !is_enough(start.elapsed()) {
            thread::sleep(Duration::from_millis(fastrand::u64(5..500)));
            kill(scene);
            scene.victims.iter().for_each(Victim::restart_if_dead);
            kills += 1;
        }
    });
    kills
}

pub(super) fn setup(store: String, folder: &TempDir, fault: Option<&'static str>) -> Setup {
    let log = folder.path().join("log").display().to_string();
    Setup { program: OURS.to_owned(), role: "bot", store, log, fault, trace: None }
}

pub(super) fn on_sqlite(fault: Option<&'static str>, chats: usize) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("bot.db").display());
    let setup = setup(store, &folder, fault);
    Scene::bots(folder, setup, None, chats)
}

pub(super) fn either(scene: &Scene) {
    scene.victims[fastrand::usize(..2)].restart();
}

/// Pauses a process for longer than its leases. It does not keep the other one from the database.
pub(super) fn one_pauses(scene: &Scene) {
    let victim = &scene.victims[fastrand::usize(..2)];
    victim.pause(Duration::from_millis(1500), || scene.is_unlocked());
}

fn server_dies(scene: &Scene) {
    let Some(server) = &scene.server else { return };
    server.die();
    server.start_again();
    // The victims need a while to connect again; a server that dies before that is of no interest.
    scene.wait_for_delivery(RECOVERY);
}

/// Kills for this long, and asserts that the store kept its promises. One event is poison.
fn nothing_is_lost_doubled_or_out_of_order(
    name: &str,
    scene: &Scene,
    duration: Duration,
    kill: impl Fn(&Scene),
) {
    let is_enough =
        |elapsed| elapsed >= duration && scene.posters.iter().all(|poster| poster.accepted().len() >= EVENTS);
    let (counts, contents, kills) = run(scene, is_enough, RECOVERY, kill);
    println!("{name}, {kills} kills: {counts}");
    assert_eq!(counts.broken_promises(), 0, "{counts}");
    let Contents { inbox, outbox, sends, dead } = contents.unwrap();
    assert_eq!((inbox.waiting, inbox.leased), (0, 0));
    assert!(dead.len() == 1 && is_poison(&dead[0]), "only the poison is a dead letter: {dead:?}");
    assert_eq!((outbox.waiting, outbox.leased, outbox.dead), (0, 0, 0));
    // The last event of a chat may have been stored and answered without having been acknowledged.
    let answered = counts.accepted - 1..counts.accepted + scene.posters.len();
    assert!(answered.contains(&sends["accepted"]) && sends.len() == 1, "{sends:?}, {counts}");
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_on_sqlite() {
    within(duration() + MARGIN, |stage| {
        let scene = stage.get_or_init(|| on_sqlite(None, CHATS).with_poison());
        nothing_is_lost_doubled_or_out_of_order("sqlite", scene, duration(), either);
    });
}

fn on_server<S: Server + 'static>(
    name: &'static str,
    start: fn() -> Option<S>,
    duration: Duration,
    kill: impl Fn(&Scene) + Send + 'static,
) {
    within(duration + MARGIN, move |stage| {
        let Some(server) = start() else { return };
        let folder = tempfile::tempdir().unwrap();
        let setup = setup(server.address(), &folder, None);
        let scene =
            stage.get_or_init(|| Scene::bots(folder, setup, Some(Box::new(server)), CHATS).with_poison());
        nothing_is_lost_doubled_or_out_of_order(name, scene, duration, kill);
    });
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_on_postgresql() {
    on_server("postgresql", postgres::Server::start, duration(), either);
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_when_the_server_of_postgresql_dies() {
    on_server("postgresql, the server dies", postgres::Server::start, duration() / 2, server_dies);
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_on_redis() {
    on_server("redis", redis::Server::start, duration(), either);
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_when_the_server_of_redis_dies() {
    on_server("redis, the server dies", redis::Server::start, duration() / 2, server_dies);
}

#[test]
fn a_process_that_comes_back_after_its_leases_ended_changes_nothing() {
    within(duration() + MARGIN, |stage| {
        // The fencing tokens alone keep it from that.
        let scene = stage.get_or_init(|| on_sqlite(Some("late-workers"), CHATS_FOR_PAUSES).with_poison());
        nothing_is_lost_doubled_or_out_of_order("sqlite, pauses", scene, duration() / 4, one_pauses);
    });
}

use std::{
    env, thread,
    time::{Duration, Instant},
};

use linq_durable::Stats;

use super::{
    judge::Counts,
    poster::Poster,
    scene::Scene,
    server::Server,
    victim::{Setup, Victim},
    watchdog::within,
};

const CHATS: usize = 6;
/// How many events of each chat are accepted at least, however long that takes.
const EVENTS: usize = 10;
/// How long the victims may take for what is left after the last kill. It covers the attempts of the poison, each of which
/// ends with its lease.
const RECOVERY: Duration = Duration::from_secs(60);
/// How long a test may take beside killing: to set up, to recover, and to start the server again.
const MARGIN: Duration = Duration::from_secs(120);

/// How long processes are killed: 4 seconds, or `LINQ_CRASH_SECONDS`.
fn duration() -> Duration {
    let seconds = env::var("LINQ_CRASH_SECONDS");
    let seconds =
        seconds.map_or(4, |text| text.parse().expect("LINQ_CRASH_SECONDS must be a number of seconds"));
    Duration::from_secs(seconds)
}

/// Delivers events to two processes on one store and calls `kill` again and again. Then waits until everything is handled.
/// Returns what the judge and the store say, and the number of kills.
pub(super) fn run(
    scene: &Scene,
    duration: Duration,
    recovery: Duration,
    kill: impl Fn(&Scene),
) -> (Counts, anyhow::Result<Stats>, u32) {
    let mut kills = 0;
    scene.deliver_during(|| {
        let start = Instant::now();
        while start.elapsed() < duration
            || scene.posters.iter().any(|poster| poster.accepted().len() < EVENTS)
        {
            thread::sleep(Duration::from_millis(fastrand::u64(5..500)));
            kill(scene);
            scene.victims.iter().for_each(Victim::restart_if_dead);
            kills += 1;
        }
    });
    let stats = scene.settle(recovery);
    (scene.counts(), stats, kills)
}

pub(super) fn setup(store: String, folder: &tempfile::TempDir, fault: Option<&'static str>) -> Setup {
    let log = folder.path().join("log").display().to_string();
    Setup { role: "bot", store, log, fault, trace: None }
}

pub(super) fn posters() -> impl Iterator<Item = Poster> {
    (0..CHATS).map(|number| Poster::new(format!("chat-{number}")))
}

pub(super) fn either(scene: &Scene) {
    scene.victims[fastrand::usize(..2)].restart();
}

fn server_dies(scene: &Scene) {
    let Some(server) = &scene.server else { return };
    if fastrand::bool() {
        server.kill();
    } else {
        server.stop_at_once();
    }
    server.start_again();
    // The victims need a while to connect again; a server that dies before that is of no interest.
    scene.wait_for_delivery(RECOVERY);
}

/// Kills for as long as told, and asserts that the store kept its promises. One event is poison.
fn nothing_is_lost_or_out_of_order(name: &str, scene: &Scene, kill: impl Fn(&Scene)) {
    let (counts, stats, kills) = run(scene, duration(), RECOVERY, kill);
    println!("{name}, {kills} kills: {counts}");
    assert_eq!(counts.broken_promises(), 0, "{counts}");
    let stats = stats.unwrap();
    assert_eq!((stats.waiting, stats.leased, stats.dead), (0, 0, 1), "only the poison is a dead letter");
}

fn posters_with_poison() -> Vec<Poster> {
    posters().enumerate().map(|(at, poster)| if at == 0 { poster.poison(3) } else { poster }).collect()
}

#[test]
fn nothing_is_lost_or_out_of_order_on_sqlite() {
    within(duration() + MARGIN, |stage| {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("bot.db").display());
        let scene =
            stage.get_or_init(|| Scene::new(setup(store, &folder, None), None, 2, posters_with_poison()));
        nothing_is_lost_or_out_of_order("sqlite", scene, either);
    });
}

fn on_postgresql(name: &'static str, kill: impl Fn(&Scene) + Send + 'static) {
    within(duration() + MARGIN, move |stage| {
        let Some(server) = Server::start() else { return };
        let folder = tempfile::tempdir().unwrap();
        let setup = setup(server.address(), &folder, None);
        let scene = stage.get_or_init(|| Scene::new(setup, Some(server), 2, posters_with_poison()));
        nothing_is_lost_or_out_of_order(name, scene, kill);
    });
}

#[test]
fn nothing_is_lost_or_out_of_order_on_postgresql() {
    on_postgresql("postgresql", either);
}

#[test]
fn nothing_is_lost_or_out_of_order_when_the_server_of_postgresql_dies() {
    on_postgresql("postgresql, the server dies", server_dies);
}

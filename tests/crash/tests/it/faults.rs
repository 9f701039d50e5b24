//! The judge and the watchdog can fail.

use std::{
    panic::catch_unwind,
    thread,
    time::{Duration, Instant},
};

use super::{
    judge::Counts,
    kills::{either, posters, run, setup},
    poster::post,
    scene::Scene,
    watchdog::within,
};

/// How long processes are killed, and how long a store that does not work gets afterwards.
const DURATION: Duration = Duration::from_secs(3);
const LIMIT: Duration = Duration::from_secs(60);

/// Asserts that a store with this fault breaks promises.
fn is_noticed(fault: &'static str, broken: fn(&Counts) -> usize) {
    within(LIMIT, move |stage| {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("bot.db").display());
        let setup = setup(store, &folder, Some(fault));
        let scene = stage.get_or_init(|| Scene::new(setup, None, 2, posters().collect()));
        let (counts, _, kills) = run(scene, DURATION, DURATION, either);
        println!("{fault}, {kills} kills: {counts}");
        assert!(broken(&counts) > 0, "{fault} was not noticed: {counts}");
    });
}

#[test]
fn a_store_without_ordering_is_noticed() {
    is_noticed("unordered", |counts| counts.disordered + counts.overlapping);
}

#[test]
fn a_store_without_leases_is_noticed() {
    is_noticed("no-lease", |counts| counts.overlapping);
}

#[test]
fn a_store_that_loses_events_is_noticed() {
    is_noticed("forgetful", |counts| counts.lost);
}

#[test]
fn a_victim_that_hangs_does_not_hang_the_poster() {
    within(LIMIT, |stage| {
        let folder = tempfile::tempdir().unwrap();
        let setup = setup("memory".to_owned(), &folder, None);
        let scene = stage.get_or_init(|| Scene::new(setup, None, 1, posters().take(1).collect()));
        scene.deliver_once();
        scene.victims[0].signal("STOP");
        let start = Instant::now();
        let posted = post(scene.victims[0].port, "chat", "id", Duration::from_millis(200));
        assert!(posted.is_err(), "{posted:?}");
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    });
}

#[test]
fn a_test_that_hangs_fails_with_the_state_of_its_scene() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("bot.db").display());
    let setup = setup(store, &folder, None);
    let failed = catch_unwind(|| {
        within(Duration::from_secs(2), move |stage| {
            stage.get_or_init(|| Scene::new(setup, None, 1, posters().take(1).collect())).deliver_once();
            thread::sleep(LIMIT);
        });
    });
    let report = *failed.unwrap_err().downcast::<String>().unwrap();
    for part in ["timed out after 2s", "chat-0: ", "victim on port", "store: Stats", "judge: "] {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

//! The judge and the watchdog can fail.

use std::{
    panic::catch_unwind,
    thread,
    time::{Duration, Instant},
};

use super::{
    judge::Counts,
    kills::{CHATS, CHATS_FOR_PAUSES, either, on_sqlite, one_pauses, run, setup},
    poster::post,
    scene::Scene,
    watchdog::within,
};

/// How long the judge has to notice a fault, which takes it some seconds on an idle machine.
const DURATION: Duration = Duration::from_secs(300);
const LIMIT: Duration = Duration::from_secs(360);

/// Asserts that a store with this fault breaks promises.
fn is_noticed(fault: &'static str, chats: usize, disturb: fn(&Scene), broken: fn(&Counts) -> usize) {
    within(LIMIT, move |stage| {
        let scene = stage.get_or_init(|| on_sqlite(Some(fault), chats).without_pauses());
        let is_enough = |elapsed| elapsed >= DURATION || broken(&scene.counts()) > 0;
        let (counts, _, times) = run(scene, is_enough, Duration::ZERO, disturb);
        println!("{fault}, {times} times: {counts}");
        assert!(broken(&counts) > 0, "{fault} was not noticed: {counts}");
    });
}

#[test]
fn a_store_without_ordering_is_noticed() {
    is_noticed("unordered", CHATS, either, |counts| counts.disordered + counts.overlapping);
}

#[test]
fn a_store_without_leases_is_noticed() {
    is_noticed("no-lease", CHATS, either, |counts| counts.overlapping);
}

#[test]
fn a_store_without_fencing_tokens_is_noticed() {
    is_noticed("no-fence", CHATS_FOR_PAUSES, one_pauses, |counts| counts.disordered + counts.overlapping);
}

#[test]
fn a_store_that_loses_events_is_noticed() {
    within(LIMIT, |stage| {
        let scene = stage.get_or_init(|| on_sqlite(Some("forgetful"), CHATS));
        let is_enough = |elapsed| elapsed >= Duration::from_secs(2);
        let (counts, contents, times) = run(scene, is_enough, DURATION, either);
        println!("forgetful, {times} times: {counts}");
        assert!(contents.unwrap().is_settled());
        assert!(counts.lost > 0, "{counts}");
    });
}

#[test]
fn an_outbox_with_a_new_key_for_each_attempt_is_noticed() {
    is_noticed("new-keys", CHATS, either, |counts| counts.doubled);
}

#[test]
fn a_victim_that_hangs_does_not_hang_the_poster() {
    within(LIMIT, |stage| {
        let folder = tempfile::tempdir().unwrap();
        let setup = setup("memory".to_owned(), &folder, None);
        let scene = stage.get_or_init(|| Scene::receiver(folder, setup, None, 1));
        scene.deliver_once();
        scene.victims[0].hang();
        let start = Instant::now();
        let posted = post(scene.victims[0].port(), "chat", "id", Duration::from_millis(200));
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
        within(Duration::from_secs(8), move |stage| {
            stage.get_or_init(|| Scene::receiver(folder, setup, None, 1)).deliver_once();
            thread::sleep(LIMIT);
        });
    });
    let report = *failed.unwrap_err().downcast::<String>().unwrap();
    for part in ["timed out after 8s", "chat-0: ", "victim on port", "store: Contents", "judge: "] {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

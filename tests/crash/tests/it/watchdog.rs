//! No test runs for ever.

use std::{
    fmt::Write as _,
    panic::resume_unwind,
    sync::{
        Arc, OnceLock,
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

use super::scene::Scene;

/// How long it may take to describe, and to end, what hangs.
const REPORT: Duration = Duration::from_secs(30);

/// Where a test puts its scene, so that the watchdog can describe it.
pub(super) type Stage = OnceLock<Scene>;

/// Runs a test. If it takes longer than the limit, its scene is described and ended, and it fails.
pub(super) fn within(limit: Duration, test: impl FnOnce(&Stage) + Send + 'static) {
    let stage = Arc::new(Stage::new());
    let result = run(limit, {
        let stage = Arc::clone(&stage);
        move || test(&stage)
    });
    if result.is_none() {
        let described = Arc::clone(&stage);
        let state = run(REPORT, move || match described.get() {
            Some(scene) => scene.to_string(),
            None => "the scene was not set up".to_owned(),
        });
        let mut report = state.unwrap_or_else(|| "the state cannot be described in time".to_owned());
        let ended = run(REPORT, move || stage.get().map(Scene::end));
        if ended.is_none() {
            let _infallible = write!(report, "\nprocesses may be left behind");
        }
        panic!("timed out after {limit:?}:\n{report}");
    }
}

/// Runs a function on a thread of its own. Returns `None` if it takes longer than the limit: the thread is left behind.
fn run<T: Send + 'static>(limit: Duration, function: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (running, ended) = channel::<()>();
    // The name is that of the test.
    let name = thread::current().name().unwrap_or_default().to_owned();
    let thread = thread::Builder::new().name(name).spawn(move || {
        let _running = running;
        function()
    });
    let thread = thread.unwrap();
    match ended.recv_timeout(limit) {
        Err(RecvTimeoutError::Timeout) => None,
        Ok(()) | Err(RecvTimeoutError::Disconnected) => {
            Some(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
        }
    }
}

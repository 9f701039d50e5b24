//! No test runs for ever.

use std::{
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

/// Runs a test. If it panics, its scene is described. If it takes longer than the limit, its scene is also ended.
pub(super) fn within(limit: Duration, test: impl FnOnce(&Stage) + Send + 'static) {
    let stage = Arc::new(Stage::new());
    let result = run(limit, {
        let stage = Arc::clone(&stage);
        move || test(&stage)
    });
    match result {
        Some(Ok(())) => {}
        Some(Err(panic)) => {
            println!("{}", describe(&stage));
            resume_unwind(panic);
        }
        None => {
            let mut report = describe(&stage);
            if run(REPORT, move || stage.get().map(Scene::end)).is_none() {
                report.push_str("processes may be left behind\n");
            }
            panic!("timed out after {limit:?}:\n{report}");
        }
    }
}

fn describe(stage: &Arc<Stage>) -> String {
    let stage = Arc::clone(stage);
    match run(REPORT, move || stage.get().map(Scene::to_string)) {
        Some(Ok(Some(state))) => state,
        Some(Ok(None)) => "the scene was not set up\n".to_owned(),
        Some(Err(_)) | None => "the scene cannot be described\n".to_owned(),
    }
}

/// Runs a function on a thread of its own. Returns `None` if it takes longer than the limit: the thread is left behind.
fn run<T>(limit: Duration, function: impl FnOnce() -> T + Send + 'static) -> Option<thread::Result<T>>
where
    T: Send + 'static,
{
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
        Ok(()) | Err(RecvTimeoutError::Disconnected) => Some(thread.join()),
    }
}

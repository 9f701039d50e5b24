//! The browser that the tests use in turn.

use std::sync::{Arc, Mutex, Weak};

use serde_json::{Value, json};
use tokio::sync::OwnedMutexGuard;

use super::{driver::Driver, page::Page, session::Session};

type Slot = tokio::sync::Mutex<Option<Running>>;

/// What the tests share that run or wait. The last of them ends the browser.
static SHARED: Mutex<Weak<Slot>> = Mutex::new(Weak::new());

struct Running {
    session: Session,
    _driver: Driver,
}

/// The browser, for one test at a time, which finds one empty window.
pub(super) struct Browser {
    running: OwnedMutexGuard<Option<Running>>,
}

impl Browser {
    /// Waits until no other test uses the browser. Where there is none, it says so and returns `None`.
    pub(super) async fn turn() -> Option<Self> {
        let shared = {
            let mut shared = SHARED.lock().unwrap();
            shared.upgrade().unwrap_or_else(|| {
                let slot = Arc::new(Slot::default());
                *shared = Arc::downgrade(&slot);
                slot
            })
        };
        let mut running = shared.lock_owned().await;
        if running.is_none() {
            let driver = Driver::start()?;
            *running = Some(Running { session: Session::start(&driver).await, _driver: driver });
        }
        let browser = Self { running };
        browser.close_windows().await;
        Some(browser)
    }

    /// Opens a URL in a window of its own.
    pub(super) async fn open(&self, url: &str) -> Page<'_> {
        let window = self.new_window().await;
        let page = Page::new(self, window);
        page.session().await.devtools("Emulation.setDeviceMetricsOverride", screen(1_400, 900)).await;
        page.go(url).await;
        page
    }

    pub(super) fn session(&self) -> &Session {
        &self.running.as_ref().expect("a turn begins with a browser").session
    }

    /// What the windows logged since the last call: errors, warnings, and violations of the content security policy.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let entries = self.session().post("se/log", json!({ "type": "browser" })).await.unwrap();
        let entries = entries.as_array().unwrap().iter();
        let complaints =
            entries.filter(|entry| ["SEVERE", "WARNING"].iter().any(|level| entry["level"] == *level));
        complaints.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Asserts that no window has logged an error.
    pub(super) async fn expect_no_complaints(&self) {
        assert_eq!(self.complaints().await, [""; 0]);
    }

    /// Closes the windows of the last test, and forgets what they logged.
    async fn close_windows(&self) {
        let old = self.session().get("window/handles").await.unwrap();
        let empty = self.new_window().await;
        for window in old.as_array().unwrap() {
            self.switch_to(window).await;
            self.session().delete("window").await.unwrap();
        }
        self.switch_to(&empty).await;
        self.complaints().await;
    }

    async fn new_window(&self) -> Value {
        self.session().post("window/new", json!({ "type": "window" })).await.unwrap()["handle"].take()
    }

    pub(super) async fn switch_to(&self, window: &Value) {
        self.session().post("window", json!({ "handle": window })).await.unwrap();
    }
}

/// The parameters of a screen of this size, in pixels.
pub(super) fn screen(width: u32, height: u32) -> Value {
    json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false })
}

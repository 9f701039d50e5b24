use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::sync::Notify;

/// Says when a number of jobs was handled.
#[derive(Clone)]
pub struct Countdown(Arc<Inner>);

struct Inner {
    left: AtomicU32,
    ended: Notify,
}

impl Countdown {
    pub fn from(jobs: u32) -> Self {
        Self(Arc::new(Inner { left: AtomicU32::new(jobs), ended: Notify::new() }))
    }

    pub fn count(&self) {
        if self.0.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.ended.notify_one();
        }
    }

    pub async fn ended(self) {
        self.0.ended.notified().await;
    }
}

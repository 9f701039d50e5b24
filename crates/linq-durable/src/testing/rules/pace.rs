//! The rules of the pace.

use std::time::Duration;

use linq_types::{PaceLimit, Rate};

use super::{LEASE, Queue, failed};

/// At most 3 in any minute: one at once, and then one in 30 seconds.
fn limit(key: &str) -> PaceLimit {
    PaceLimit::new(key, Rate::new(3, LEASE).burst(1))
}

async fn pace(queue: &Queue<'_>, keys: &[&str]) -> Result<Option<Duration>, String> {
    let limits = keys.iter().map(|key| limit(key)).collect();
    queue.store.pace(limits).await.map_err(failed)
}

fn ensure_near(wait: Option<Duration>, expected: Duration) -> Result<(), String> {
    match wait {
        Some(wait) if wait <= expected && wait > expected / 2 => Ok(()),
        other => Err(format!("the wait is {other:?}, expected up to {expected:?}")),
    }
}

pub(super) async fn pacing(queue: Queue<'_>) -> Result<(), String> {
    ensure_eq!(queue.store.pace(Vec::new()).await.map_err(failed)?, None, "the wait without limits");
    let burst = PaceLimit::new("burst", Rate::new(4, LEASE).burst(2));
    for number in 1..=2 {
        let wait = queue.store.pace(vec![burst.clone()]).await.map_err(failed)?;
        ensure_eq!(wait, None, "the wait for number {number} of a burst");
    }
    ensure_near(queue.store.pace(vec![burst]).await.map_err(failed)?, LEASE / 2)?;
    for _ in 0..3 {
        ensure_eq!(pace(&queue, &["a"]).await?, None, "the wait for one");
        ensure_near(pace(&queue, &["a"]).await?, LEASE / 2)?;
        ensure_eq!(pace(&queue, &["b"]).await?, None, "the wait for another key");
        queue.store.advance(LEASE / 2).await;
    }
    Ok(())
}

pub(super) async fn pacing_together(queue: Queue<'_>) -> Result<(), String> {
    ensure_eq!(pace(&queue, &["a"]).await?, None, "the wait for one");
    for _ in 0..3 {
        ensure_near(pace(&queue, &["a", "b"]).await?, LEASE / 2)?;
    }
    ensure_eq!(pace(&queue, &["b"]).await?, None, "the wait of the limit that allowed it");
    Ok(())
}

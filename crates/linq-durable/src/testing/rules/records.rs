//! The rules of records.

use super::{LEASE, Queue, failed};
use crate::{NewRecord, Record, Retention, Settlement};

async fn put(queue: &Queue<'_>, id: &str, state: &str, expected: u64) -> Result<bool, String> {
    let record = NewRecord::new(id, state, format!("{state} {expected}"));
    queue.store.put_record(&queue.name, record, expected).await.map_err(failed)
}

async fn get(queue: &Queue<'_>, id: &str) -> Result<Option<Record>, String> {
    queue.store.record(&queue.name, id).await.map_err(failed)
}

pub(super) async fn versions(queue: Queue<'_>) -> Result<(), String> {
    ensure_eq!(get(&queue, "1").await?, None, "a record that was never written");
    ensure_eq!(put(&queue, "1", "new", 1).await?, false, "changing a record that does not exist");
    ensure_eq!(put(&queue, "1", "new", 0).await?, true, "creating a record");
    ensure_eq!(put(&queue, "1", "late", 0).await?, false, "creating it again");
    ensure_eq!(put(&queue, "1", "changed", 1).await?, true, "changing it");
    ensure_eq!(put(&queue, "1", "late", 1).await?, false, "changing an earlier version");
    queue.store.advance(LEASE).await;
    let record = get(&queue, "1").await?.ok_or("the record is gone")?;
    ensure_eq!((record.id.as_str(), record.state.as_str()), ("1", "changed"), "id and state");
    ensure_eq!((&record.body[..], record.version), (&b"changed 1"[..], 2), "body and version");
    if record.age < LEASE || record.age > LEASE * 3 / 2 {
        return Err(format!("the record is {:?} old, expected {LEASE:?}", record.age));
    }
    let other = Queue { name: "other".into(), ..queue.clone() };
    ensure_eq!(get(&other, "1").await?, None, "a record of another queue");
    ensure_eq!(put(&other, "1", "new", 0).await?, true, "creating it in another queue");
    Ok(())
}

pub(super) async fn listing(queue: Queue<'_>) -> Result<(), String> {
    for (id, state) in [("b", "x"), ("a", "y"), ("c", "x"), ("d", "x")] {
        put(&queue, id, state, 0).await?;
    }
    put(&queue, "b", "x", 1).await?;
    put(&queue, "d", "z", 1).await?;
    for (state, expected) in [(None, &["b", "a", "c", "d"][..]), (Some("x"), &["b", "c"]), (Some("q"), &[])] {
        let mut seen = Vec::new();
        let mut after = 0;
        loop {
            let page = queue.store.records(&queue.name, state, after, 2).await.map_err(failed)?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            seen.extend(page.into_iter().map(|record| record.id));
        }
        ensure_eq!(seen, expected, "records of the state {state:?}");
    }
    Ok(())
}

pub(super) async fn keeping(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("waits", "a"), ("done", "b")]).await?;
    for id in ["waits", "done", "alone"] {
        put(&queue, id, "new", 0).await?;
    }
    for claim in queue.claim(10).await? {
        match claim.item.id.as_str() {
            "done" => queue.end(&claim, Settlement::Complete).await?,
            _ => queue.end(&claim, Settlement::Release).await?,
        }
    }
    let retention = Retention { ids: 100 * LEASE, dead_letters: 100 * LEASE, records: 10 * LEASE };
    let sweep = async || queue.store.sweep(&queue.name, &retention, 10).await.map_err(failed);
    queue.store.advance(9 * LEASE).await;
    ensure_eq!(sweep().await?, 0, "swept before the retention");
    put(&queue, "alone", "new", 1).await?;
    queue.store.advance(2 * LEASE).await;
    ensure_eq!(sweep().await?, 1, "swept after the retention");
    ensure_eq!(get(&queue, "done").await?, None, "the record of an item that is done");
    ensure_eq!(get(&queue, "waits").await?.is_some(), true, "whether the record of a waiting item is kept");
    ensure_eq!(get(&queue, "alone").await?.is_some(), true, "whether a record that was changed is kept");
    queue.store.advance(10 * LEASE).await;
    ensure_eq!(sweep().await?, 1, "swept later");
    Ok(())
}

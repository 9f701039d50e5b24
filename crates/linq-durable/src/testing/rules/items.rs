//! The rules of items, leases and dead letters.

use super::{LEASE, MOMENT, Queue, failed, ids};
use crate::{Enqueued, ItemState, NewItem, QueueName, Retention, Settled, Settlement, tasks::race};

pub(super) async fn duplicates(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("waits", "a"), ("done", "b"), ("dead", "c"), ("leased", "d")]).await?;
    for claim in queue.claim(10).await? {
        match claim.item.id.as_str() {
            "waits" => queue.end(&claim, Settlement::Release).await?,
            "done" => queue.end(&claim, Settlement::Complete).await?,
            "dead" => queue.end(&claim, Settlement::dead_letter("no")).await?,
            _ => {}
        }
    }
    for id in ["waits", "done", "dead", "leased"] {
        ensure_eq!(queue.enqueue(id, "another key").await?, Enqueued::Duplicate, "enqueuing {id} again");
    }
    queue.claim_only("waits").await?;
    Ok(())
}

pub(super) async fn without_id(queue: Queue<'_>) -> Result<(), String> {
    for _ in 0..2 {
        ensure_eq!(queue.add(NewItem::new("kind", "same")).await?, Enqueued::New, "enqueuing without an id");
    }
    let claims = queue.claim(10).await?;
    ensure_eq!(claims.len(), 2, "items without key that are claimed together");
    for claim in &claims {
        queue.end(claim, Settlement::Complete).await?;
    }
    ensure_eq!(queue.add(NewItem::new("kind", "same")).await?, Enqueued::New, "enqueuing after the end");
    Ok(())
}

pub(super) async fn order(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a"), ("3", "a")]).await?;
    for id in ["1", "2", "3"] {
        let claim = queue.claim_only(id).await?;
        ensure_eq!(claim.item.body, format!("body of {id}"), "body");
        ensure_eq!(queue.claim(10).await?.len(), 0, "claims while {id} is leased");
        queue.end(&claim, Settlement::Complete).await?;
    }
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims of an empty queue");
    queue.fill(&[("4", "a")]).await?;
    queue.claim_only("4").await?;
    Ok(())
}

pub(super) async fn side_by_side(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "b"), ("3", "c"), ("4", "a")]).await?;
    ensure_eq!(queue.claim(0).await?.len(), 0, "claims of a limit of 0");
    let two = queue.claim(2).await?;
    ensure_eq!(ids(&two), ["1", "2"], "first claim");
    ensure_eq!(ids(&queue.claim(10).await?), ["3"], "second claim");
    Ok(())
}

pub(super) async fn earliest_first(queue: Queue<'_>) -> Result<(), String> {
    let later = NewItem::new("kind", "").id("later").key("a").delay(2 * MOMENT);
    ensure_eq!(queue.add(later).await?, Enqueued::New, "enqueuing");
    queue.store.advance(MOMENT).await;
    queue.fill(&[("sooner", "b")]).await?;
    queue.store.advance(2 * MOMENT).await;
    ensure_eq!(ids(&queue.claim(1).await?), ["sooner"], "first claim");
    ensure_eq!(ids(&queue.claim(1).await?), ["later"], "second claim");
    Ok(())
}

pub(super) async fn delay(queue: Queue<'_>) -> Result<(), String> {
    queue.add(NewItem::new("kind", "").id("1").key("a").delay(LEASE)).await?;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims before the delay has passed");
    queue.fill(&[("2", "a")]).await?;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims of what waits behind it");
    queue.store.advance(LEASE + MOMENT).await;
    queue.claim_only("1").await?;
    Ok(())
}

pub(super) async fn retry(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::retry(LEASE, "first error")).await?;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims during the delay");
    queue.fill(&[("3", "b")]).await?;
    queue.claim_only("3").await?;
    queue.store.advance(LEASE / 2).await;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims during the delay");
    queue.store.advance(LEASE / 2 + MOMENT).await;
    let claims = queue.claim(10).await?;
    let again = claims.iter().find(|claim| claim.item.id == "1").ok_or("not claimed after the delay")?;
    ensure_eq!(again.item.attempts, 2, "attempts");
    ensure_eq!(again.item.last_error.as_deref(), Some("first error"), "last error");
    ensure_eq!(again.item.body, "body of 1", "body");
    queue.end(again, Settlement::Complete).await?;
    queue.claim_only("2").await?;
    Ok(())
}

pub(super) async fn dead_letter(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::dead_letter("last error")).await?;
    queue.claim_only("2").await?;
    let dead = queue.store.list(&queue.name, ItemState::Dead, 0, 10).await.map_err(failed)?;
    ensure_eq!(dead.len(), 1, "dead letters");
    ensure_eq!(dead[0].last_error.as_deref(), Some("last error"), "error of the dead letter");
    ensure_eq!(dead[0].attempts, 1, "attempts of the dead letter");
    ensure_eq!(dead[0].body, "body of 1", "body of the dead letter");
    ensure_eq!(
        (dead[0].key.as_str(), dead[0].kind.as_str()),
        ("a", "kind"),
        "key and kind of the dead letter"
    );
    Ok(())
}

pub(super) async fn attempts(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a")]).await?;
    for attempt in 1..=3 {
        let claim = queue.claim_only("1").await?;
        ensure_eq!(claim.item.attempts, attempt, "attempts of a lease that is left to end");
        queue.store.advance(LEASE + MOMENT).await;
    }
    for _ in 0..2 {
        let claim = queue.claim_only("1").await?;
        ensure_eq!(claim.item.attempts, 4, "attempts around a release");
        queue.end(&claim, Settlement::Release).await?;
    }
    Ok(())
}

pub(super) async fn postponing(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::postpone(LEASE)).await?;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims during the delay");
    queue.store.advance(LEASE + MOMENT).await;
    let claim = queue.claim_only("1").await?;
    ensure_eq!(claim.item.attempts, 1, "attempts");
    ensure_eq!(claim.item.last_error, None, "last error");
    Ok(())
}

pub(super) async fn expiry(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    queue.claim_only("1").await?;
    queue.store.advance(LEASE - MOMENT).await;
    ensure_eq!(queue.claim(10).await?.len(), 0, "claims before the lease has ended");
    queue.store.advance(2 * MOMENT).await;
    queue.claim_only("1").await?;
    Ok(())
}

pub(super) async fn age(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a")]).await?;
    for expected in [LEASE, 3 * LEASE] {
        queue.store.advance(if expected == LEASE { LEASE } else { 2 * LEASE }).await;
        let claim = queue.claim_only("1").await?;
        if claim.age < expected || claim.age > expected + LEASE / 2 {
            return Err(format!("the item is {:?} old, expected {expected:?}", claim.age));
        }
        queue.end(&claim, Settlement::Release).await?;
    }
    Ok(())
}

pub(super) async fn extension(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    for _ in 0..3 {
        queue.store.advance(LEASE - MOMENT).await;
        let extended = queue.store.extend(&queue.name, &claim.lease, LEASE).await.map_err(failed)?;
        ensure_eq!(extended, Settled::Held, "extending");
        ensure_eq!(queue.claim(10).await?.len(), 0, "claims during the lease");
    }
    queue.store.advance(LEASE + MOMENT).await;
    // Nobody else has claimed it in the meantime.
    queue.end(&claim, Settlement::Complete).await
}

pub(super) async fn fencing(queue: Queue<'_>) -> Result<(), String> {
    for settlement in [
        Settlement::Complete,
        Settlement::retry(LEASE, "late"),
        Settlement::dead_letter("late"),
        Settlement::Release,
    ] {
        let id = format!("{settlement:?}");
        queue.fill(&[(&id, "a")]).await?;
        let late = queue.claim_only(&id).await?;
        queue.store.advance(LEASE + MOMENT).await;
        let current = queue.claim_only(&id).await?;
        let extended = queue.store.extend(&queue.name, &late.lease, LEASE).await.map_err(failed)?;
        ensure_eq!(extended, Settled::Lost, "extending an earlier lease");
        ensure_eq!(
            queue.settle(&late.lease, settlement.clone()).await?,
            Settled::Lost,
            "settling late: {id}"
        );
        ensure_eq!(queue.list(ItemState::Waiting).await?, [id.as_str()], "waiting after {id}");
        queue.end(&current, Settlement::Complete).await?;
        let settled = queue.settle(&current.lease, settlement).await?;
        ensure_eq!(settled, Settled::Lost, "settling twice");
        ensure_eq!(queue.list(ItemState::Dead).await?.len(), 0, "dead letters after {id}");
    }
    Ok(())
}

pub(super) async fn tokens(queue: Queue<'_>) -> Result<(), String> {
    let mut last = 0;
    for round in 0..5 {
        queue.fill(&[(&format!("a{round}"), "a"), (&format!("b{round}"), "b")]).await?;
        let mut tokens: Vec<_> = queue.claim(10).await?.iter().map(|claim| claim.lease.token).collect();
        tokens.sort_unstable();
        for token in tokens {
            if token <= last {
                return Err(format!("the token {token} came after {last}"));
            }
            last = token;
        }
        queue.store.advance(LEASE + MOMENT).await;
        for claim in queue.claim(10).await? {
            last = last.max(claim.lease.token);
            queue.end(&claim, Settlement::Complete).await?;
        }
    }
    Ok(())
}

pub(super) async fn retention(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("done", "a"), ("dead", "b"), ("waits", "c")]).await?;
    for claim in queue.claim(2).await? {
        match claim.item.id.as_str() {
            "done" => queue.end(&claim, Settlement::Complete).await?,
            _ => queue.end(&claim, Settlement::dead_letter("no")).await?,
        }
    }
    let retention = Retention { ids: 10 * LEASE, dead_letters: 20 * LEASE, records: 100 * LEASE };
    let sweep = async || queue.store.sweep(&queue.name, &retention, 10).await.map_err(failed);
    queue.store.advance(9 * LEASE).await;
    ensure_eq!(sweep().await?, 0, "swept before the retention");
    queue.store.advance(2 * LEASE).await;
    ensure_eq!(sweep().await?, 1, "swept after the retention of ids");
    ensure_eq!(queue.enqueue("done", "a").await?, Enqueued::New, "enqueuing what was forgotten");
    ensure_eq!(queue.enqueue("dead", "b").await?, Enqueued::Duplicate, "enqueuing a dead letter");
    ensure_eq!(queue.enqueue("waits", "c").await?, Enqueued::Duplicate, "enqueuing what waits");
    queue.store.advance(10 * LEASE).await;
    sweep().await?;
    ensure_eq!(queue.list(ItemState::Dead).await?.len(), 0, "dead letters after their retention");
    sweep().await?;
    ensure_eq!(queue.enqueue("dead", "b").await?, Enqueued::New, "enqueuing a forgotten dead letter");
    Ok(())
}

pub(super) async fn revival(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::dead_letter("no")).await?;
    queue.fill(&[("2", "a")]).await?;
    let revive = async |id| queue.store.revive(&queue.name, id).await.map_err(failed);
    ensure_eq!(revive("2").await?, false, "reviving what is not dead");
    ensure_eq!(revive("1").await?, true, "reviving");
    ensure_eq!(revive("1").await?, false, "reviving twice");
    let claim = queue.claim_only("2").await?;
    queue.end(&claim, Settlement::Complete).await?;
    let claim = queue.claim_only("1").await?;
    ensure_eq!(claim.item.attempts, 1, "attempts after reviving");
    ensure_eq!(claim.item.body, "body of 1", "body");
    queue.end(&claim, Settlement::Complete).await
}

pub(super) async fn discarding(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a")]).await?;
    let discard = async |id| queue.store.discard(&queue.name, id).await.map_err(failed);
    ensure_eq!(discard("1").await?, false, "discarding what waits");
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::dead_letter("no")).await?;
    ensure_eq!(discard("1").await?, true, "discarding");
    ensure_eq!(discard("1").await?, false, "discarding twice");
    ensure_eq!(queue.list(ItemState::Dead).await?.len(), 0, "dead letters");
    ensure_eq!(queue.enqueue("1", "a").await?, Enqueued::Duplicate, "enqueuing what was discarded");
    Ok(())
}

pub(super) async fn pages(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "b"), ("2", "a"), ("3", "b"), ("4", "c")]).await?;
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let page = queue.store.list(&queue.name, ItemState::Waiting, after, 2).await.map_err(failed)?;
        let Some(last) = page.last() else { break };
        after = last.sequence;
        seen.extend(page.into_iter().map(|item| item.id));
    }
    ensure_eq!(seen, ["1", "2", "3", "4"], "listed");
    Ok(())
}

pub(super) async fn finding(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("dead", "a"), ("done", "b"), ("leased", "c"), ("waits", "c")]).await?;
    for claim in queue.claim(10).await? {
        match claim.item.id.as_str() {
            "dead" => queue.end(&claim, Settlement::dead_letter("no")).await?,
            "done" => queue.end(&claim, Settlement::Complete).await?,
            _ => {}
        }
    }
    for (id, expected) in [
        ("waits", Some((ItemState::Waiting, 0))),
        ("leased", Some((ItemState::Waiting, 1))),
        ("dead", Some((ItemState::Dead, 1))),
        ("done", None),
        ("unknown", None),
    ] {
        let found = queue.store.find(&queue.name, id).await.map_err(failed)?;
        if let Some((_, item)) = &found {
            ensure_eq!((item.id.as_str(), &item.body[..]), (id, format!("body of {id}").as_bytes()), "found");
        }
        ensure_eq!(found.map(|(state, item)| (state, item.attempts)), expected, "state and attempts of {id}");
    }
    Ok(())
}

pub(super) async fn stats(queue: Queue<'_>) -> Result<(), String> {
    let stats = async || queue.store.stats(&queue.name).await.map_err(failed);
    ensure_eq!(stats().await?.oldest, None, "oldest of an empty queue");
    queue.fill(&[("1", "a"), ("2", "a"), ("3", "b"), ("4", "c")]).await?;
    let oldest = stats().await?.oldest;
    let claims = queue.claim(10).await?;
    ensure_eq!(ids(&claims), ["1", "3", "4"], "claimed");
    for claim in claims.iter().filter(|claim| claim.item.id == "4") {
        queue.end(claim, Settlement::dead_letter("no")).await?;
    }
    let found = stats().await?;
    ensure_eq!((found.waiting, found.leased, found.dead), (3, 2, 1), "waiting, leased and dead");
    ensure_eq!(found.oldest, oldest, "oldest");
    queue.store.advance(LEASE + MOMENT).await;
    ensure_eq!(stats().await?.leased, 0, "leased after the leases ended");
    Ok(())
}

pub(super) async fn newer(queue: Queue<'_>) -> Result<(), String> {
    let has_newer = async |id| queue.store.has_newer(&queue.name, id).await.map_err(failed);
    queue.fill(&[("1", "a"), ("other", "b")]).await?;
    queue.claim(1).await?;
    ensure_eq!(has_newer("1").await?, false, "before a later item");
    queue.fill(&[("2", "a")]).await?;
    ensure_eq!(has_newer("1").await?, true, "after a later item");
    ensure_eq!(has_newer("2").await?, false, "of the last item");
    ensure_eq!(has_newer("unknown").await?, false, "of an unknown id");
    Ok(())
}

pub(super) async fn queues(queue: Queue<'_>) -> Result<(), String> {
    let other = Queue { name: QueueName::from("other"), ..queue.clone() };
    queue.fill(&[("1", "a")]).await?;
    ensure_eq!(other.claim(10).await?.len(), 0, "claims of another queue");
    other.fill(&[("1", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    ensure_eq!(other.settle(&claim.lease, Settlement::Complete).await?, Settled::Lost, "settling elsewhere");
    let claim = other.claim_only("1").await?;
    other.end(&claim, Settlement::dead_letter("no")).await?;
    ensure_eq!(queue.list(ItemState::Dead).await?.len(), 0, "dead letters");
    ensure_eq!(queue.list(ItemState::Waiting).await?.len(), 1, "waiting");
    Ok(())
}

pub(super) async fn waiting(queue: Queue<'_>) -> Result<(), String> {
    let wait = queue.store.wait(&queue.name, LEASE);
    queue.fill(&[("1", "a")]).await?;
    ends(&queue, wait, "a wait from before an item was enqueued").await?;
    ends(&queue, queue.store.wait(&queue.name, LEASE), "a wait while an item is due").await?;
    let claim = queue.claim_only("1").await?;
    queue.end(&claim, Settlement::retry(2 * MOMENT, "no")).await?;
    queue.store.advance(MOMENT).await;
    ends(&queue, queue.store.wait(&queue.name, LEASE), "a wait until an item is due").await
}

pub(super) async fn bounded_wait(queue: Queue<'_>) -> Result<(), String> {
    ends(&queue, queue.store.wait(&queue.name, MOMENT / 10), "a wait of 100 ms").await
}

async fn ends(queue: &Queue<'_>, wait: crate::Sleep, what: &str) -> Result<(), String> {
    let limit = queue.store.sleep(20 * MOMENT);
    race(wait, limit).await.map_err(|()| format!("{what} did not end"))
}

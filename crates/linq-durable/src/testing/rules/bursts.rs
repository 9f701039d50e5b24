//! The rules of bursts.

use super::{LEASE, MOMENT, Queue, failed};
use crate::{Claim, Item, ItemState, Lease, Settled, Settlement};

async fn gather(queue: &Queue<'_>, lease: &Lease, limit: usize) -> Result<Vec<Item>, String> {
    queue.store.gather(&queue.name, lease, limit).await.map_err(failed)
}

fn ids(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

/// Claims the first item and gathers what waits behind it.
async fn claim_burst(queue: &Queue<'_>, first: &str, behind: &[&str]) -> Result<(Claim, Lease), String> {
    let claim = queue.claim_only(first).await?;
    let gathered = gather(queue, &claim.lease, 10).await?;
    ensure_eq!(ids(&gathered), behind, "gathered behind {first}");
    let lease = claim.lease.up_to(gathered.last().unwrap_or(&claim.item));
    Ok((claim, lease))
}

async fn settle(queue: &Queue<'_>, lease: &Lease, settlement: Settlement) -> Result<(), String> {
    ensure_eq!(queue.settle(lease, settlement).await?, Settled::Held, "settling the burst");
    Ok(())
}

pub(super) async fn gathering(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("other", "b"), ("2", "a"), ("3", "a"), ("4", "a")]).await?;
    let claims = queue.claim(1).await?;
    let claim = claims.first().ok_or("nothing was claimed")?;
    let gathered = gather(&queue, &claim.lease, 2).await?;
    ensure_eq!(ids(&gathered), ["2", "3"], "gathered with a limit of 2");
    ensure_eq!(gathered.iter().map(|item| item.attempts).max(), Some(1), "attempts");
    ensure_eq!(gathered[0].body, "body of 2", "body");
    queue.store.advance(LEASE + MOMENT).await;
    queue.claim(10).await?;
    ensure_eq!(gather(&queue, &claim.lease, 10).await?.len(), 0, "gathered with a lost lease");
    Ok(())
}

pub(super) async fn stable_burst(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    let (_, lease) = claim_burst(&queue, "1", &["2"]).await?;
    queue.fill(&[("3", "a")]).await?;
    settle(&queue, &lease, Settlement::retry(MOMENT, "failed")).await?;
    queue.store.advance(2 * MOMENT).await;
    let (again, _) = claim_burst(&queue, "1", &["2"]).await?;
    ensure_eq!(again.item.attempts, 2, "attempts");
    // The process died: the lease ends on its own.
    queue.store.advance(LEASE + MOMENT).await;
    let (again, lease) = claim_burst(&queue, "1", &["2"]).await?;
    ensure_eq!(again.item.attempts, 3, "attempts");
    settle(&queue, &lease, Settlement::Complete).await?;
    claim_burst(&queue, "3", &[]).await?;
    Ok(())
}

pub(super) async fn settling_bursts(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a"), ("3", "a")]).await?;
    let claim = queue.claim_only("1").await?;
    let gathered = gather(&queue, &claim.lease, 1).await?;
    let lease = claim.lease.up_to(&gathered[0]);
    settle(&queue, &lease, Settlement::Complete).await?;
    ensure_eq!(queue.list(ItemState::Waiting).await?, ["3"], "waiting after a burst was completed");
    queue.fill(&[("4", "a")]).await?;
    let (_, lease) = claim_burst(&queue, "3", &["4"]).await?;
    settle(&queue, &lease, Settlement::dead_letter("no")).await?;
    ensure_eq!(queue.list(ItemState::Waiting).await?.len(), 0, "waiting after a burst died");
    let dead = queue.store.list(&queue.name, ItemState::Dead, 0, 10).await.map_err(failed)?;
    ensure_eq!(ids(&dead), ["3", "4"], "dead letters");
    ensure_eq!(dead[1].last_error.as_deref(), Some("no"), "error of the last item");
    ensure_eq!(dead[1].body, "body of 4", "body of the last item");
    Ok(())
}

pub(super) async fn growing_burst(queue: Queue<'_>) -> Result<(), String> {
    queue.fill(&[("1", "a"), ("2", "a")]).await?;
    let (_, lease) = claim_burst(&queue, "1", &["2"]).await?;
    settle(&queue, &lease, Settlement::postpone(MOMENT)).await?;
    queue.fill(&[("3", "a")]).await?;
    queue.store.advance(2 * MOMENT).await;
    let (claim, _) = claim_burst(&queue, "1", &["2", "3"]).await?;
    ensure_eq!(claim.item.attempts, 1, "attempts after it was postponed");
    Ok(())
}

//! What is in the store.

use std::{collections::BTreeMap, sync::Arc};

use linq_durable::{Inbox, Outbox, Stats, Store};

use super::judge::is_poison;

const MANY: usize = 1_000_000;

#[derive(Debug)]
pub(super) struct Contents {
    pub(super) inbox: Stats,
    pub(super) outbox: Stats,
    /// The numbers of sends in each state, if nothing waits.
    pub(super) sends: BTreeMap<&'static str, usize>,
    /// The events that are dead letters, if nothing waits.
    pub(super) dead: Vec<String>,
}

impl Contents {
    pub(super) async fn read(address: &str) -> anyhow::Result<Self> {
        let store = linq_crash::open(address).await?;
        let inbox = Inbox::from(Arc::clone(&store) as Arc<dyn Store>);
        let outbox = Outbox::from(store);
        let mut contents = Self {
            inbox: inbox.stats().await?,
            outbox: outbox.stats().await?,
            sends: BTreeMap::new(),
            dead: Vec::new(),
        };
        if contents.is_settled() {
            contents.dead = inbox.dead_letters(0, MANY).await?.into_iter().map(|letter| letter.id).collect();
            for record in outbox.list(None, 0, MANY).await? {
                *contents.sends.entry(record.state.as_str()).or_default() += 1;
            }
        }
        Ok(contents)
    }

    /// Moves these events back into the inbox.
    pub(super) async fn revive(address: &str, ids: &[&str]) -> anyhow::Result<()> {
        let inbox = Inbox::from(linq_crash::open(address).await? as Arc<dyn Store>);
        for id in ids {
            inbox.revive(id).await?;
        }
        Ok(())
    }

    /// The events that are dead letters although they do not kill their process themselves.
    pub(super) fn given_up(&self) -> Vec<&str> {
        self.dead.iter().map(String::as_str).filter(|id| !is_poison(id)).collect()
    }

    /// Returns `true` if nothing waits in the queues.
    pub(super) fn is_settled(&self) -> bool {
        self.inbox.waiting == 0 && self.outbox.waiting == 0
    }
}

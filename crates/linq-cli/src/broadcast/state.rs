use std::{path::Path, sync::Arc, time::Duration};

use linq::{
    Client,
    durable::{Dispatcher, Ledger, NewRecord, Outbox, PreparedSend, QueueName, Retention, SendRecord, Stats},
    sqlite,
    types::{Handle, IdempotencyKey, chats::NewChat},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use super::{messages::Message, source::hex};
use crate::{exit_code, failure::Failure, webhook::now};

/// The id of the record of the broadcast, and the name of its queue.
const BROADCAST: &str = "broadcast";
/// How long a store remembers who got the message: as long as its file exists.
const FOR_EVER: Duration = Duration::from_secs(50 * 365 * 24 * 60 * 60);

/// The state of a broadcast: what is to be sent, and what became of it.
pub(super) struct State {
    store: Arc<dyn Ledger>,
    outbox: Outbox,
    identity: Identity,
}

/// What a broadcast is recognized by.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Identity {
    /// A name that no other broadcast has.
    id: String,
    /// The hash of the file, the text and the sender.
    digest: String,
}

impl State {
    /// Opens the state of the broadcast with this digest, or begins it.
    pub(super) async fn open(path: &Path, digest: String) -> Result<Self, Failure> {
        let store: Arc<dyn Ledger> = Arc::new(sqlite::Store::open(path)?);
        if let Some(state) = Self::read(&store, &digest).await? {
            return Ok(state);
        }
        let begun = format!("{digest} {} {}", now(), std::process::id());
        let identity = Identity { id: hex(&Sha256::digest(begun)[..8]), digest: digest.clone() };
        let record = NewRecord::new(BROADCAST, "begun", serde_json::to_vec(&identity).unwrap_or_default());
        // Another process may have begun it at the same time.
        store.put_record(&QueueName::from(BROADCAST), record, 0).await?;
        Self::read(&store, &digest)
            .await?
            .ok_or_else(|| Failure::new("the state of the broadcast was not stored"))
    }

    /// Opens the state of the broadcast if it has begun.
    pub(super) async fn open_existing(path: &Path, digest: &str) -> Result<Option<Self>, Failure> {
        if !path.exists() {
            return Ok(None);
        }
        let store: Arc<dyn Ledger> = Arc::new(sqlite::Store::open_existing(path)?);
        Self::read(&store, digest).await
    }

    async fn read(store: &Arc<dyn Ledger>, digest: &str) -> Result<Option<Self>, Failure> {
        let Some(record) = store.record(&QueueName::from(BROADCAST), BROADCAST).await? else {
            return Ok(None);
        };
        let identity: Identity = serde_json::from_slice(&record.body)
            .map_err(|_| Failure::new("the state was written by another version of this program"))?;
        if identity.digest != digest {
            return Err(Failure::new(
                "the file, the text or the sender is not that with which this broadcast began; restore it to go on, or \
                 begin another broadcast with --state NEW-FILE, which does not know who has the message already",
            )
            .with_kind("OtherBroadcast")
            .with_exit_code(exit_code::USAGE));
        }
        let outbox = Outbox::from(Arc::clone(store));
        Ok(Some(Self { store: Arc::clone(store), outbox, identity }))
    }

    /// Stores messages that are to be sent. Those that are stored already are not stored again.
    pub(super) async fn add(
        &self,
        client: &Client,
        from: &Handle,
        messages: Vec<Message>,
    ) -> Result<(), Failure> {
        let mut stored = JoinSet::new();
        for Message { to, text, .. } in messages {
            let send = self.outbox.with_key(self.key(&to));
            let PreparedSend { queue, item, .. } =
                send.prepare(client.chats().create(NewChat::new(from, [to], text)))?;
            stored.spawn(self.store.enqueue(&queue, item));
        }
        while let Some(added) = stored.join_next().await {
            added.map_err(|error| Failure::new(format!("cannot store a message: {error}")))??;
        }
        Ok(())
    }

    /// The key of a person's message: the same in every run of this broadcast.
    fn key(&self, to: &Handle) -> IdempotencyKey {
        let hash = Sha256::digest(format!("{} {to}", self.identity.id));
        format!("broadcast-{}", hex(&hash[..16])).into()
    }

    pub(super) fn dispatcher(&self, client: Client) -> Dispatcher<Client> {
        let mut retention = Retention::default();
        (retention.ids, retention.dead_letters, retention.records) = (FOR_EVER, FOR_EVER, FOR_EVER);
        self.outbox.dispatcher(client).retention(retention)
    }

    pub(super) async fn stats(&self) -> Result<Stats, Failure> {
        Ok(self.outbox.stats().await?)
    }

    /// Returns what became of a person's message; `None` before the first attempt.
    pub(super) async fn record(&self, to: &Handle) -> Result<Option<SendRecord>, Failure> {
        Ok(self.outbox.record(&self.key(to)).await?)
    }
}

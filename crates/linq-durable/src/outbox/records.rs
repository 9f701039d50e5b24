//! The records of an outbox in its store, changed by compare-and-set.

use linq_types::{IdempotencyKey, MessageId};
use serde::{Deserialize, Serialize};

use super::{SendRecord, SendState, receipt::Receipt};
use crate::{Item, Ledger, NewRecord, QueueName, StoreError, StoreErrorKind};

/// The most receipts that are kept of a message whose send is not known yet.
const MAX_RECEIPTS: usize = 8;

/// The records of the sends, and those that find a send by the id of its message.
pub(super) struct Records<'a> {
    store: &'a dyn Ledger,
    queue: &'a QueueName,
    messages: QueueName,
}

/// What is known of a message id.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Message {
    /// The key of its send.
    Send(IdempotencyKey),
    /// The webhooks that came before the answer to the send did.
    Receipts(Vec<Receipt>),
}

impl<'a> Records<'a> {
    pub(super) fn new(store: &'a dyn Ledger, queue: &'a QueueName) -> Self {
        Self { store, queue, messages: messages_of(queue) }
    }

    /// Returns a record with its version.
    pub(super) async fn load(&self, key: &str) -> Result<Option<(SendRecord, u64)>, StoreError> {
        let Some(record) = self.store.record(self.queue, key).await? else { return Ok(None) };
        match SendRecord::read(&record) {
            Some(read) => Ok(Some((read, record.version))),
            None => Err(StoreError::with_source(
                StoreErrorKind::Config,
                "a record is of a later version of this crate; upgrade this program",
            )),
        }
    }

    /// Writes a record over this version. Returns `false` if it has another one.
    pub(super) async fn put(&self, record: &SendRecord, version: u64) -> Result<bool, StoreError> {
        let body = serde_json::to_vec(record).unwrap_or_default();
        let record = NewRecord::new(record.key.as_str(), record.state.as_str(), body);
        self.store.put_record(self.queue, record, version).await
    }

    /// Changes a record, if there is one and `change` returns `true`. Returns whether it was changed.
    pub(super) async fn change(
        &self,
        key: &str,
        change: impl Fn(&mut SendRecord) -> bool,
    ) -> Result<bool, StoreError> {
        while let Some((mut record, version)) = self.load(key).await? {
            if !change(&mut record) {
                break;
            }
            if self.put(&record, version).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Changes the record of an item, which is created if there is none, if `change` returns `true`.
    pub(super) async fn change_or_create(
        &self,
        item: &Item,
        change: impl Fn(&mut SendRecord) -> bool,
    ) -> Result<bool, StoreError> {
        loop {
            let loaded = self.load(&item.id).await?;
            let (mut record, version) = loaded.unwrap_or_else(|| (SendRecord::new(item), 0));
            if !change(&mut record) {
                return Ok(false);
            }
            if self.put(&record, version).await? {
                return Ok(true);
            }
        }
    }

    pub(super) async fn list(
        &self,
        state: Option<SendState>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<SendRecord>, StoreError> {
        let records = self.store.records(self.queue, state.map(SendState::as_str), after, limit).await?;
        Ok(records.iter().filter_map(SendRecord::read).collect())
    }

    /// Links a message to its send, and applies the webhooks that came before.
    pub(super) async fn link(&self, message: &MessageId, key: &IdempotencyKey) -> Result<(), StoreError> {
        loop {
            let (known, version) = self.message(message).await?;
            match known {
                Some(Message::Send(_)) => return Ok(()),
                Some(Message::Receipts(receipts)) => {
                    for receipt in &receipts {
                        self.change(key.as_str(), |record| record.apply(receipt)).await?;
                    }
                }
                None => {}
            }
            if self.put_message(message, &Message::Send(key.clone()), version).await? {
                return Ok(());
            }
        }
    }

    /// Applies what a webhook tells. Returns `true` if the message is one of the outbox.
    pub(super) async fn receive(&self, receipt: &Receipt) -> Result<bool, StoreError> {
        if let Some(key) = &receipt.key {
            return match self.load(key.as_str()).await? {
                Some(_) => self.apply(key, receipt).await.map(|()| true),
                None => Ok(false),
            };
        }
        let Some(message) = &receipt.message_id else { return Ok(false) };
        loop {
            let (known, version) = self.message(message).await?;
            let mut receipts = match known {
                Some(Message::Send(key)) => return self.apply(&key, receipt).await.map(|()| true),
                Some(Message::Receipts(receipts)) => receipts,
                None => Vec::new(),
            };
            if receipts.len() >= MAX_RECEIPTS || receipts.contains(receipt) {
                return Ok(false);
            }
            receipts.push(receipt.clone());
            if self.put_message(message, &Message::Receipts(receipts), version).await? {
                return Ok(false);
            }
        }
    }

    /// Applies a receipt to a record. The body of a send that was given up, and now turns out to be accepted, is discarded.
    async fn apply(&self, key: &IdempotencyKey, receipt: &Receipt) -> Result<(), StoreError> {
        self.change(key.as_str(), |record| record.apply(receipt)).await?;
        let accepted =
            self.load(key.as_str()).await?.filter(|(record, _)| record.state == SendState::Accepted);
        if let Some((record, _)) = accepted {
            self.store.discard(self.queue, key.as_str()).await?;
            if let Some(message) = &record.message_id {
                self.link(message, key).await?;
            }
        }
        Ok(())
    }

    async fn message(&self, id: &MessageId) -> Result<(Option<Message>, u64), StoreError> {
        let record = self.store.record(&self.messages, id.as_str()).await?;
        Ok(match record {
            Some(record) => (serde_json::from_slice(&record.body).ok(), record.version),
            None => (None, 0),
        })
    }

    async fn put_message(&self, id: &MessageId, message: &Message, version: u64) -> Result<bool, StoreError> {
        let state = match message {
            Message::Send(_) => "linked",
            Message::Receipts(_) => "early",
        };
        let body = serde_json::to_vec(message).unwrap_or_default();
        self.store.put_record(&self.messages, NewRecord::new(id.as_str(), state, body), version).await
    }
}

/// The queue whose records find the sends of an outbox by the ids of their messages.
pub(super) fn messages_of(queue: &QueueName) -> QueueName {
    QueueName::from(&*format!("{queue}.messages"))
}

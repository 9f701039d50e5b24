use std::{error::Error, fmt, sync::Arc};

use linq_types::{Handle, Timestamp};
use linq_webhooks::OptOuts;

use crate::{Ledger, NewRecord, QueueName, Record, StoreError};

/// The state of the record of a person who opted out.
const OPTED_OUT: &str = "opted_out";
/// The state of the record of a person who wrote again.
const OPTED_IN: &str = "opted_in";

/// The people who opted out, in a store: for several processes, and across restarts.
///
/// An opt-out is kept until the person writes something else.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_webhooks as webhooks; }
/// use linq::{durable::{Inbox, MemoryStore, StoreOptOuts, Worker}, webhooks::{EventHandler, Gate}};
///
/// fn worker<H: EventHandler>(store: MemoryStore, bot: H) -> Worker<Gate<H, StoreOptOuts>> {
///     Inbox::new(store.clone()).worker(Gate::new(bot).opt_outs(StoreOptOuts::new(store)))
/// }
/// ```
#[derive(Clone)]
pub struct StoreOptOuts {
    store: Arc<dyn Ledger>,
    queue: QueueName,
}

impl StoreOptOuts {
    /// Creates a view of the opt-outs in this store.
    pub fn new(store: impl Ledger) -> Self {
        Self::from(Arc::new(store) as Arc<dyn Ledger>)
    }

    /// Sets the name of the queue in the store whose records it keeps. The default is `opt_outs`.
    #[must_use]
    pub fn queue(mut self, name: &str) -> Self {
        self.queue = QueueName::from(name);
        self
    }

    /// Writes the state of a person since this time, if it differs from that of the record and is not older. Returns `true` if
    /// the person has opted out then.
    async fn put(&self, person: &Handle, state: &str, at: Timestamp) -> Result<bool, StoreError> {
        loop {
            let record = self.store.record(&self.queue, person.as_str()).await?;
            let version = match &record {
                None if state == OPTED_IN => return Ok(false),
                None => 0,
                Some(record) if since(record).is_some_and(|since| since > at) => {
                    return Ok(has_opted_out(record));
                }
                Some(record) if record.state == OPTED_IN && state == OPTED_IN => return Ok(false),
                Some(record) => record.version,
            };
            let record = NewRecord::new(person.as_str(), state, at.to_string());
            if self.store.put_record(&self.queue, record, version).await? {
                return Ok(state == OPTED_OUT);
            }
        }
    }
}

fn has_opted_out(record: &Record) -> bool {
    record.state == OPTED_OUT
}

/// Returns since when the record has its state.
fn since(record: &Record) -> Option<Timestamp> {
    std::str::from_utf8(&record.body).ok()?.parse().ok()
}

impl OptOuts for StoreOptOuts {
    async fn insert(&self, person: &Handle, at: Timestamp) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.put(person, OPTED_OUT, at).await?;
        Ok(())
    }

    async fn remove(&self, person: &Handle, at: Timestamp) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(self.put(person, OPTED_IN, at).await?)
    }

    async fn contains(&self, person: &Handle) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let record = self.store.record(&self.queue, person.as_str()).await?;
        Ok(record.as_ref().is_some_and(has_opted_out))
    }
}

impl From<Arc<dyn Ledger>> for StoreOptOuts {
    fn from(store: Arc<dyn Ledger>) -> Self {
        Self { store, queue: QueueName::from("opt_outs") }
    }
}

impl fmt::Debug for StoreOptOuts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptOuts").field("store", &self.store).field("queue", &self.queue).finish()
    }
}

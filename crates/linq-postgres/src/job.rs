//! The operations on their way to the driver.

use std::{pin::Pin, sync::Arc};

use linq_durable::{Enqueued, NewItem, QueueName, StoreError};
use tokio::sync::oneshot;
use tokio_postgres::Client;

/// What the operations on one connection share.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) schema: Arc<str>,
}

/// An operation. One that is dropped without a reply has failed for lack of a connection.
pub(crate) enum Job {
    /// Adds an item, together with others.
    Enqueue(Addition),
    /// Runs at once.
    Run(Box<dyn FnOnce(Arc<Session>) -> Running + Send>),
}

pub(crate) type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) struct Addition {
    pub(crate) queue: QueueName,
    pub(crate) item: NewItem,
    /// How far the clock of the store is ahead of the server's, in seconds.
    pub(crate) ahead: f64,
    pub(crate) sender: oneshot::Sender<Result<Enqueued, StoreError>>,
}

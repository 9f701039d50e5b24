//! The operations on their way to the driver.

use std::{pin::Pin, sync::Arc, time::Duration};

use linq_durable::{Claim, Enqueued, Lease, NewItem, NewRecord, QueueName, Settled, Settlement, StoreError};
use tokio::sync::oneshot;

use crate::session::Session;

/// An operation. One that is dropped without a reply has failed for lack of a connection.
pub(crate) enum Job {
    Enqueue(Request<NewItem, Enqueued>),
    Extend(Request<(Lease, Duration), Settled>),
    Settle(Request<(Lease, Settlement), Settled>),
    Claim(Request<(usize, Duration), Vec<Claim>>),
    PutRecord(Request<(NewRecord, u64), bool>),
    /// Runs at once, the others with those of their kind that arrive at the same time.
    Run(Box<dyn FnOnce(Arc<Session>) -> Running + Send>),
}

pub(crate) type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// An operation that shares a transaction with others.
pub(crate) struct Request<I, O> {
    pub(crate) queue: QueueName,
    pub(crate) input: I,
    /// How far the clock of the store is ahead of the server's, in seconds.
    pub(crate) ahead: f64,
    pub(crate) reply: oneshot::Sender<Result<O, StoreError>>,
}

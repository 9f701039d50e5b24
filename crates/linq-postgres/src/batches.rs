//! Operations of one kind that arrive together and share a transaction.

use std::{collections::HashMap, iter, mem, sync::Arc};

use linq_durable::{Enqueued, NewItem, QueueName, StoreError, StoreErrorKind};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel, error::TrySendError},
    task::JoinSet,
};
use tokio_postgres::{Error, types::Type};

use crate::{
    job::{Job, Request},
    leases::{self, LeaseJob},
    session::Session,
    values::{seconds, settled, signed, store_error, text},
};

/// The operations of a kind that may wait for their transaction.
pub(crate) const MAX_WAITING: usize = 4096;
/// The most operations that share a transaction.
pub(crate) const MAX_BATCH: usize = 256;

/// Runs the operations on a connection. Those that have not ended are dropped with this value.
pub(crate) struct Batches {
    session: Arc<Session>,
    tasks: JoinSet<()>,
    enqueue: Sender<In<Enqueue>>,
    extend: Sender<In<Extend>>,
    leases: Sender<LeaseJob>,
    put_record: Sender<In<PutRecord>>,
}

impl Batches {
    pub(crate) fn new(session: Session) -> Self {
        let session = Arc::new(session);
        let mut tasks = JoinSet::new();
        Self {
            enqueue: spawn::<Enqueue>(&mut tasks, &session),
            extend: spawn::<Extend>(&mut tasks, &session),
            leases: leases::spawn(&mut tasks, &session),
            put_record: spawn::<PutRecord>(&mut tasks, &session),
            tasks,
            session,
        }
    }

    /// Starts an operation.
    pub(crate) fn start(&mut self, job: Job) {
        while self.tasks.try_join_next().is_some() {}
        match job {
            Job::Enqueue(request) => push(&self.enqueue, request),
            Job::Extend(request) => push(&self.extend, request),
            Job::Settle(request) => push_lease(&self.leases, LeaseJob::Settle(request)),
            Job::Claim(request) => push_lease(&self.leases, LeaseJob::Claim(request)),
            Job::PutRecord(request) => push(&self.put_record, request),
            Job::Run(run) => drop(self.tasks.spawn(run(Arc::clone(&self.session)))),
        }
    }

    /// Waits until all operations have ended.
    pub(crate) async fn finish(self) {
        let Self { mut tasks, .. } = self;
        while tasks.join_next().await.is_some() {}
    }
}

fn push<I, O>(waiting: &Sender<Request<I, O>>, request: Request<I, O>) {
    if let Err(TrySendError::Full(request)) = waiting.try_send(request) {
        drop(request.reply.send(Err(StoreError::new(StoreErrorKind::Full))));
    }
}

fn push_lease(waiting: &Sender<LeaseJob>, job: LeaseJob) {
    if let Err(TrySendError::Full(job)) = waiting.try_send(job) {
        job.fail(StoreError::new(StoreErrorKind::Full));
    }
}

fn spawn<B: Batch + 'static>(tasks: &mut JoinSet<()>, session: &Arc<Session>) -> Sender<In<B>> {
    let (sender, waiting) = channel(MAX_WAITING);
    tasks.spawn(run::<B>(Arc::clone(session), waiting));
    sender
}

/// Runs one transaction after the other, each with what arrived during the last one.
async fn run<B: Batch>(session: Arc<Session>, mut waiting: Receiver<In<B>>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let mut queues: HashMap<QueueName, Vec<In<B>>> = HashMap::new();
        for request in mem::take(&mut batch) {
            queues.entry(request.queue.clone()).or_default().push(request);
        }
        for (queue, batch) in queues {
            let ahead = batch.iter().map(|request| request.ahead).fold(0.0, f64::max);
            let (inputs, replies): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|request| (request.input, request.reply)).unzip();
            match B::run(&session, &queue, ahead, inputs).await {
                Ok(outputs) => {
                    for (reply, output) in iter::zip(replies, outputs) {
                        drop(reply.send(Ok(output)));
                    }
                }
                Err(error) => {
                    for reply in replies {
                        drop(reply.send(Err(store_error(&error))));
                    }
                }
            }
        }
    }
}

type In<B> = Request<<B as Batch>::Input, <B as Batch>::Output>;

/// A kind of operation.
trait Batch {
    type Input: Send;
    type Output: Send;

    /// Runs operations on a queue in one transaction, and returns what becomes of each.
    fn run(
        session: &Session,
        queue: &QueueName,
        ahead: f64,
        inputs: Vec<Self::Input>,
    ) -> impl Future<Output = Result<Vec<Self::Output>, Error>> + Send;
}

struct Enqueue;

impl Batch for Enqueue {
    type Input = NewItem;
    type Output = Enqueued;

    async fn run(
        session: &Session,
        queue: &QueueName,
        ahead: f64,
        items: Vec<Self::Input>,
    ) -> Result<Vec<Enqueued>, Error> {
        if let [item] = &items[..] {
            return Ok(vec![enqueue_one(session, queue, ahead, item).await?]);
        }
        let ids: Vec<_> = items.iter().map(|item| item.id.as_deref().map(text)).collect();
        let keys: Vec<_> = items.iter().map(|item| item.key.as_deref().map(text)).collect();
        let kinds: Vec<_> = items.iter().map(|item| text(&item.kind)).collect();
        let delays: Vec<_> = items.iter().map(|item| seconds(item.delay)).collect();
        let bodies: Vec<&[u8]> = items.iter().map(|item| &*item.body).collect();
        let row = session
            .row(
                "select $schema.enqueue($1, $2, $3, $4, $5, $6, $7)",
                &[
                    (&queue.as_str(), Type::TEXT),
                    (&ids, Type::TEXT_ARRAY),
                    (&keys, Type::TEXT_ARRAY),
                    (&kinds, Type::TEXT_ARRAY),
                    (&delays, Type::FLOAT8_ARRAY),
                    (&bodies, Type::BYTEA_ARRAY),
                    (&ahead, Type::FLOAT8),
                ],
            )
            .await?;
        let added: Vec<bool> = row.try_get(0)?;
        Ok(added.into_iter().map(enqueued).collect())
    }
}

/// Adds an item without the arrays of a batch, which take the server longer.
async fn enqueue_one(
    session: &Session,
    queue: &QueueName,
    ahead: f64,
    item: &NewItem,
) -> Result<Enqueued, Error> {
    let row = session
        .row(
            "select $schema.enqueue_one($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&queue.as_str(), Type::TEXT),
                (&item.id.as_deref().map(text), Type::TEXT),
                (&item.key.as_deref().map(text), Type::TEXT),
                (&text(&item.kind), Type::TEXT),
                (&seconds(item.delay), Type::FLOAT8),
                (&&*item.body, Type::BYTEA),
                (&ahead, Type::FLOAT8),
            ],
        )
        .await?;
    row.try_get(0).map(enqueued)
}

fn enqueued(is_new: bool) -> Enqueued {
    if is_new { Enqueued::New } else { Enqueued::Duplicate }
}

struct Extend;

impl Batch for Extend {
    type Input = (linq_durable::Lease, std::time::Duration);
    type Output = linq_durable::Settled;

    async fn run(
        session: &Session,
        queue: &QueueName,
        ahead: f64,
        extensions: Vec<Self::Input>,
    ) -> Result<Vec<Self::Output>, Error> {
        let keys: Vec<_> = extensions.iter().map(|(lease, _)| lease.key.as_str()).collect();
        let sequences: Vec<_> = extensions.iter().map(|(lease, _)| signed(lease.sequence)).collect();
        let tokens: Vec<_> = extensions.iter().map(|(lease, _)| signed(lease.token)).collect();
        let durations: Vec<_> = extensions.iter().map(|(_, duration)| seconds(*duration)).collect();
        let row = session
            .row(
                "select $schema.extend($1, $2, $3, $4, $5, $6)",
                &[
                    (&queue.as_str(), Type::TEXT),
                    (&keys, Type::TEXT_ARRAY),
                    (&sequences, Type::INT8_ARRAY),
                    (&tokens, Type::INT8_ARRAY),
                    (&durations, Type::FLOAT8_ARRAY),
                    (&ahead, Type::FLOAT8),
                ],
            )
            .await?;
        Ok(row.try_get::<_, Vec<bool>>(0)?.into_iter().map(settled).collect())
    }
}

struct PutRecord;

impl Batch for PutRecord {
    type Input = (linq_durable::NewRecord, u64);
    type Output = bool;

    async fn run(
        session: &Session,
        queue: &QueueName,
        ahead: f64,
        records: Vec<Self::Input>,
    ) -> Result<Vec<bool>, Error> {
        let ids: Vec<_> = records.iter().map(|(record, _)| text(&record.id)).collect();
        let states: Vec<_> = records.iter().map(|(record, _)| text(&record.state)).collect();
        let bodies: Vec<&[u8]> = records.iter().map(|(record, _)| &*record.body).collect();
        let versions: Vec<_> = records.iter().map(|(_, expected)| signed(*expected)).collect();
        let row = session
            .row(
                "select $schema.put_records($1, $2, $3, $4, $5, $6)",
                &[
                    (&queue.as_str(), Type::TEXT),
                    (&ids, Type::TEXT_ARRAY),
                    (&states, Type::TEXT_ARRAY),
                    (&bodies, Type::BYTEA_ARRAY),
                    (&versions, Type::INT8_ARRAY),
                    (&ahead, Type::FLOAT8),
                ],
            )
            .await?;
        row.try_get(0)
    }
}

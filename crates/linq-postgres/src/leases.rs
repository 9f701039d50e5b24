//! Claims and settlements, which share transactions.
//!
//! A chat whose events arrive faster than they are handled waits for two commits an event: that of the claim and that of the
//! settlement. If the next event is claimed in the transaction that settles the one before, it waits for one.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use linq_durable::{Claim, Lease, QueueName, Settled, Settlement, StoreError};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinSet,
};
use tokio_postgres::{Error, Row, types::Type};

use crate::{
    batches::{MAX_BATCH, MAX_WAITING},
    job::Request,
    operations::item,
    session::{Scan, Session, Value},
    values::{count, duration, seconds, settled, signed, store_error, text},
};

/// The most claims in a row that share a transaction with settlements. Only those that do not file what applications added.
const MAX_SHARED: u32 = 7;

type Claiming = Request<(usize, Duration), Vec<Claim>>;
type Settling = Request<(Lease, Settlement), Settled>;

pub(crate) enum LeaseJob {
    Claim(Claiming),
    Settle(Settling),
}

impl LeaseJob {
    pub(crate) fn fail(self, error: StoreError) {
        match self {
            Self::Claim(request) => drop(request.reply.send(Err(error))),
            Self::Settle(request) => drop(request.reply.send(Err(error))),
        }
    }
}

pub(crate) fn spawn(tasks: &mut JoinSet<()>, session: &Arc<Session>) -> Sender<LeaseJob> {
    let (sender, waiting) = channel(MAX_WAITING);
    tasks.spawn(run(Arc::clone(session), waiting));
    sender
}

/// What waits for one queue.
#[derive(Default)]
struct Waiting {
    settlements: Vec<Settling>,
    claims: Vec<Claiming>,
}

/// Runs one transaction after the other, each with what arrived during the last one.
async fn run(session: Arc<Session>, mut waiting: Receiver<LeaseJob>) {
    let mut jobs = Vec::new();
    // How many claims have shared a transaction since the last one of its own.
    let mut shared = 0;
    while waiting.recv_many(&mut jobs, MAX_BATCH).await > 0 {
        let mut queues: HashMap<QueueName, Waiting> = HashMap::new();
        for job in jobs.drain(..) {
            match job {
                LeaseJob::Settle(request) => {
                    queues.entry(request.queue.clone()).or_default().settlements.push(request);
                }
                LeaseJob::Claim(request) => {
                    queues.entry(request.queue.clone()).or_default().claims.push(request);
                }
            }
        }
        for (queue, Waiting { settlements, claims: waiting }) in queues {
            let mut waiting = waiting.into_iter();
            if !settlements.is_empty() {
                let claim = if shared < MAX_SHARED { waiting.next() } else { None };
                shared += u32::from(claim.is_some());
                run_together(&session, &queue, settlements, claim).await;
            }
            for claim in waiting {
                shared = 0;
                run_claim(&session, &queue, claim).await;
            }
        }
    }
}

async fn run_claim(session: &Session, queue: &QueueName, request: Claiming) {
    let (limit, lease) = request.input;
    let scan = session.scan(queue);
    let values: [Value<'_>; 7] = [
        (&queue.as_str(), Type::TEXT),
        (&count(limit), Type::INT8),
        (&seconds(lease), Type::FLOAT8),
        (&scan.since, Type::TIMESTAMPTZ),
        (&scan.after, Type::INT8),
        (&scan.whole_at, Type::TIMESTAMPTZ),
        (&request.ahead, Type::FLOAT8),
    ];
    let rows = session.lease("select * from $schema.claim($1, $2, $3, $4, $5, $6, true, $7)", &values).await;
    let claims = rows.and_then(|rows| claims(session, queue, &rows));
    drop(request.reply.send(claims.map_err(|error| store_error(&error))));
}

/// Settles, and then claims in the same transaction.
async fn run_together(
    session: &Session,
    queue: &QueueName,
    settlements: Vec<Settling>,
    claim: Option<Claiming>,
) {
    match settle(session, queue, &settlements, claim.as_ref()).await {
        Ok((held, claims)) => {
            for (request, is_held) in settlements.into_iter().zip(held) {
                drop(request.reply.send(Ok(settled(is_held))));
            }
            if let Some(request) = claim {
                drop(request.reply.send(Ok(claims)));
            }
        }
        Err(error) => {
            let settlements = settlements.into_iter().map(LeaseJob::Settle);
            let jobs = settlements.chain(claim.map(LeaseJob::Claim));
            jobs.for_each(|job| job.fail(store_error(&error)));
        }
    }
}

async fn settle(
    session: &Session,
    queue: &QueueName,
    settlements: &[Settling],
    claim: Option<&Claiming>,
) -> Result<(Vec<bool>, Vec<Claim>), Error> {
    let requests = settlements.iter().map(|request| request.ahead);
    let ahead = requests.chain(claim.map(|request| request.ahead)).fold(0.0, f64::max);
    let leases = || settlements.iter().map(|request| &request.input.0);
    let keys: Vec<_> = leases().map(|lease| lease.key.as_str()).collect();
    let tokens: Vec<_> = leases().map(|lease| signed(lease.token)).collect();
    let firsts: Vec<_> = leases().map(|lease| signed(lease.sequence)).collect();
    let lasts: Vec<_> = leases().map(|lease| signed(lease.last_sequence)).collect();
    let mut whats = Vec::new();
    let mut delays = Vec::new();
    let mut errors = Vec::new();
    for request in settlements {
        let (what, delay, error) = match &request.input.1 {
            Settlement::Complete => (1_i32, 0.0, None),
            Settlement::DeadLetter { error, .. } => (2, 0.0, Some(text(error))),
            Settlement::Retry { delay, error, .. } => (3, seconds(*delay), Some(text(error))),
            Settlement::Postpone { delay, .. } => (4, seconds(*delay), None),
            // A release, or a settlement that this version does not know: nothing happened to the item.
            _ => (4, 0.0, None),
        };
        whats.push(what);
        delays.push(delay);
        errors.push(error);
    }
    let queue_name = queue.as_str();
    let mut values: Vec<Value<'_>> = vec![
        (&queue_name, Type::TEXT),
        (&keys, Type::TEXT_ARRAY),
        (&tokens, Type::INT8_ARRAY),
        (&firsts, Type::INT8_ARRAY),
        (&lasts, Type::INT8_ARRAY),
        (&whats, Type::INT4_ARRAY),
        (&delays, Type::FLOAT8_ARRAY),
        (&errors, Type::TEXT_ARRAY),
        (&ahead, Type::FLOAT8),
    ];
    let sql = "select * from $schema.settle($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Some(Request { input: (limit, lease), .. }) = claim else {
        let rows = session.lease(sql, &values).await?;
        let Some(row) = rows.first() else { return Ok(Default::default()) };
        return Ok((held(session, queue, row)?, Vec::new()));
    };
    let (limit, lease, scan) = (count(*limit), seconds(*lease), session.scan(queue));
    values.extend::<[Value<'_>; 5]>([
        (&limit, Type::INT8),
        (&lease, Type::FLOAT8),
        (&scan.since, Type::TIMESTAMPTZ),
        (&scan.after, Type::INT8),
        (&scan.whole_at, Type::TIMESTAMPTZ),
    ]);
    let sql = "select s.held, s.earliest, c.* from $schema.settle($1, $2, $3, $4, $5, $6, $7, $8, $9) s
        cross join lateral $schema.claim($1, $10, $11, least($12, s.earliest), $13, $14, false, $9) c";
    let rows = session.lease(sql, &values).await?;
    let Some(row) = rows.first() else { return Ok(Default::default()) };
    let held = held(session, queue, row)?;
    Ok((held, claims(session, queue, &rows)?))
}

/// Returns for each settlement whether its lease was held.
fn held(session: &Session, queue: &QueueName, row: &Row) -> Result<Vec<bool>, Error> {
    if let Some(earliest) = row.try_get::<_, Option<SystemTime>>("earliest")? {
        session.scan_from(queue, earliest);
    }
    row.try_get("held")
}

fn claims(session: &Session, queue: &QueueName, rows: &[Row]) -> Result<Vec<Claim>, Error> {
    if let Some(row) = rows.first() {
        let time = |name| row.try_get(name);
        session.set_scan(
            queue,
            Scan::new(time("next_since")?, row.try_get("next_after")?, time("next_whole_at")?),
        );
    }
    let mut claims = Vec::new();
    for row in rows {
        if let Some(token) = row.try_get::<_, Option<i64>>("token")? {
            claims.push(Claim::new(item(row)?, token.unsigned_abs(), duration(row.try_get("age")?)));
        }
    }
    Ok(claims)
}

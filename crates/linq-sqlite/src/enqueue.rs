use linq_durable::{Enqueued, NewItem, QueueName};
use rusqlite::{Error, Result, Transaction, ffi};

use crate::{OpenError, clock, database::Database, schema, sql::Queue};

/// Adds an item to the end of its key, in a transaction of the application: it is in the queue if the transaction is committed.
///
/// The connection is the application's own, to the file of a [`Store`](crate::Store). Begin the transaction as
/// [`Immediate`](rusqlite::TransactionBehavior::Immediate) and set a busy timeout, so that it waits for the transactions of the
/// store. How durable it is depends on the settings of the connection: the defaults of SQLite sync each commit.
///
/// Workers see the item within 200 ms after the commit, and at once after [`Store::wake`](crate::Store::wake).
///
/// ```no_run
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_sqlite as sqlite; }
/// use linq::{
///     durable::{NewItem, QueueName},
///     sqlite::{Store, enqueue, rusqlite::{Connection, TransactionBehavior}},
/// };
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::open("shop.db")?;
/// let mut connection = Connection::open(store.path())?;
/// let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
/// transaction.execute("update orders set state = 'paid' where id = ?", [7])?;
/// let item = NewItem::new("order.paid", r#"{"order":7}"#).id("order 7 paid").key("order 7");
/// enqueue(&transaction, &QueueName::from("orders"), &item)?;
/// transaction.commit()?;
/// store.wake();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Returns an error if the database has no tables of a store or those of an older version, which
/// [`Store::open`](crate::Store::open) creates or migrates, or if SQLite returns one. Nothing was added then, and the
/// transaction can go on.
pub fn enqueue(transaction: &Transaction<'_>, queue: &QueueName, item: &NewItem) -> Result<Enqueued> {
    // A newer schema serves this version, too: a process goes on while another one migrates the database.
    if let Some(error @ (OpenError::MissingSchema | OpenError::OlderSchema { .. })) =
        schema::mismatch(schema::version(transaction)?, schema::STEPS)
    {
        return Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(error.to_string())));
    }
    let database = Database::new(transaction);
    let queue = Queue { database: &database, name: queue, now: clock::now() };
    database.savepoint(|| queue.enqueue(item))
}

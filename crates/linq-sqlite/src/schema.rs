use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, Result, TransactionBehavior};

use crate::OpenError;

/// The steps from one version of the schema to the next, the first from an empty database.
///
/// Older processes go on while a newer one migrates the database: a step leaves every statement of the versions before it valid.
pub(crate) const STEPS: &[&str] = &[include_str!("schema/1.sql")];

/// The version of the schema that this crate creates and needs.
pub const VERSION: i64 = STEPS.len() as i64;

/// Creates the tables, or brings them to the newest version. A newer schema is not touched.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), OpenError> {
    match try_migrate(connection, steps).map_err(OpenError::sqlite)? {
        Some(newer @ OpenError::NewerSchema { .. }) => Err(newer),
        _ => Ok(()),
    }
}

/// Returns what was found to differ.
fn try_migrate(connection: &mut Connection, steps: &[&str]) -> Result<Option<OpenError>> {
    // The version is read within the transaction: another process may just be creating the tables.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    transaction.execute_batch(&script(found, steps))?;
    transaction.commit()?;
    Ok(mismatch(found, steps))
}

/// Returns the SQL that brings a database of this version, 0 if it is empty, to the newest one. There is none for a newer version.
pub(crate) fn script(found: i64, steps: &[&str]) -> String {
    let mut script = String::new();
    for (version, step) in (1..).zip(steps).filter(|(version, _)| *version > found) {
        let set_version = format_args!("update linq_meta set value = {version} where name = 'schema';");
        let _written = writeln!(script, "{step}\n{set_version}");
    }
    script
}

/// Returns the version of the schema, 0 if there is none.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    if !connection.prepare("select 1 from sqlite_schema where name = 'linq_meta'")?.exists([])? {
        return Ok(0);
    }
    let sql = "select value from linq_meta where name = 'schema'";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Returns how the version differs from the newest one, if it does.
pub(crate) fn mismatch(found: i64, steps: &[&str]) -> Option<OpenError> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    match found {
        0 => Some(OpenError::MissingSchema),
        found if found < known => Some(OpenError::OlderSchema { found, known }),
        found if found > known => Some(OpenError::NewerSchema { found, known }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc, thread, time::Duration};

    use linq_durable::{
        Enqueued, Ledger as _, NewItem, NewRecord, QueueName, Settled, Settlement, Store as _,
    };
    use linq_types::{PaceLimit, Rate};
    use linq_webhooks::block_on;

    use super::*;
    use crate::{Store, enqueue};

    const NEXT_STEP: &str = "
        alter table linq_seen add column note text;
        alter table linq_key add column note text;
        alter table linq_item add column note text;
        alter table linq_dead add column note text;
        alter table linq_record add column note text;
        alter table linq_pace add column note text;
        create index linq_item_note on linq_item (note);";

    fn next_steps() -> Vec<&'static str> {
        [STEPS, &[NEXT_STEP]].concat()
    }

    /// Calls all operations that write.
    fn work(store: &Store, round: usize) {
        let queue = QueueName::from("inbox");
        let (done, dead) = (format!("done {round}"), format!("dead {round}"));
        for id in [&done, &dead] {
            let item = NewItem::new("kind", "body").id(id).key(id);
            assert_eq!(block_on(store.enqueue(&queue, item)).unwrap(), Enqueued::New);
        }
        for claim in block_on(store.claim(&queue, 10, Duration::from_secs(60))).unwrap() {
            let settlement = match claim.item.id == done {
                true => Settlement::Complete,
                false => Settlement::dead_letter("error"),
            };
            let settled = block_on(store.settle(&queue, &claim.lease, settlement)).unwrap();
            assert_eq!(settled, Settled::Held);
        }
        assert!(block_on(store.revive(&queue, &dead)).unwrap());
        assert!(block_on(store.put_record(&queue, NewRecord::new(done, "new", "{}"), 0)).unwrap());
        let limit = PaceLimit::new(dead, Rate::new(30, Duration::from_secs(60)));
        assert_eq!(block_on(store.pace(vec![limit])).unwrap(), None);
    }

    #[test]
    fn a_store_of_the_older_version_goes_on_while_the_database_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        let store = Store::open(&path).unwrap();
        work(&store, 0);
        let (migrated, is_migrated) = mpsc::channel();
        let old = thread::spawn(move || {
            let mut round = 1;
            while is_migrated.try_recv().is_err() {
                work(&store, round);
                round += 1;
            }
            (round..round + 5).for_each(|round| work(&store, round));
            round + 5
        });
        let mut connection = Connection::open(&path).unwrap();
        connection.busy_timeout(Duration::from_secs(30)).unwrap();
        migrate(&mut connection, &next_steps()).unwrap();
        migrated.send(()).unwrap();
        let rounds = old.join().unwrap();
        let sql =
            "select (select count(*) from linq_item where note is null), (select count(*) from linq_record)";
        let (waiting, records): (i64, i64) = connection.query_row(sql, [], |row| row.try_into()).unwrap();
        assert_eq!((waiting, records), (1, rounds as i64));
        assert_eq!(version(&connection).unwrap(), STEPS.len() as i64 + 1);
    }

    #[test]
    fn a_newer_database_is_refused_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        work(&Store::open(&path).unwrap(), 0);
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &next_steps()).unwrap();
        drop(connection);
        let before = fs::read(&path).unwrap();
        for opened in [Store::open(&path), Store::open_existing(&path)] {
            let error = opened.unwrap_err();
            assert!(matches!(error, OpenError::NewerSchema { .. }), "{error}");
        }
        assert!(fs::read(&path).unwrap() == before, "the file changed");
    }

    #[test]
    fn an_older_database_is_not_used_by_a_newer_version_before_it_is_migrated() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(matches!(mismatch(version(&connection).unwrap(), STEPS), Some(OpenError::MissingSchema)));
        migrate(&mut connection, STEPS).unwrap();
        assert!(mismatch(version(&connection).unwrap(), STEPS).is_none());
        let older = mismatch(version(&connection).unwrap(), &next_steps());
        assert!(matches!(older, Some(OpenError::OlderSchema { .. })), "{older:?}");
    }

    #[test]
    fn the_printed_migrations_create_the_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        Connection::open(&path).unwrap().execute_batch(&Store::migrations()).unwrap();
        work(&Store::open_existing(&path).unwrap(), 0);
    }

    #[test]
    fn an_application_adds_items_to_a_newer_database() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &next_steps()).unwrap();
        let transaction = connection.transaction().unwrap();
        let added = enqueue(&transaction, &"inbox".into(), &NewItem::new("kind", "body")).unwrap();
        assert_eq!(added, Enqueued::New);
    }
}

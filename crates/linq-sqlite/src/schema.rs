use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::OpenError;

/// The steps from one version of the schema to the next, the first from an empty database.
const STEPS: &[&str] = &[include_str!("schema/1.sql")];

/// Creates the tables, or brings them to the newest version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    match try_migrate(connection).map_err(OpenError::sqlite)? {
        (found, known) if found > known => Err(OpenError::NewerSchema { found, known }),
        _ => Ok(()),
    }
}

/// Returns the version that was found, and the one that is known. A newer schema is not touched.
fn try_migrate(connection: &mut Connection) -> rusqlite::Result<(i64, i64)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    // Asked within the transaction: another process may just have created the tables.
    let exists = transaction.prepare("select 1 from sqlite_schema where name = 'linq_meta'")?.exists([])?;
    let found = match exists {
        true => transaction
            .query_row("select value from linq_meta where name = 'schema'", [], |row| row.get(0))
            .optional()?
            .unwrap_or_default(),
        false => 0,
    };
    if found > known {
        return Ok((found, known));
    }
    let done = usize::try_from(found).unwrap_or_default();
    for step in &STEPS[done..] {
        transaction.execute_batch(step)?;
    }
    transaction.execute("update linq_meta set value = ? where name = 'schema'", [known])?;
    transaction.commit()?;
    Ok((found, known))
}

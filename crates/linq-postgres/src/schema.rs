use linq_durable::{StoreError, StoreErrorKind};
use tokio_postgres::{Client, Error, error::SqlState};

/// The steps from one version of the schema to the next, the first from an empty database.
pub(crate) const STEPS: &[&str] = &[concat!(
    include_str!("schema/1/tables.sql"),
    include_str!("schema/1/enqueue.sql"),
    include_str!("schema/1/leases.sql"),
    include_str!("schema/1/ledger.sql"),
)];

/// The settings of the functions, whose statements each use one index. A plan that was made while a table was small is kept when it
/// is large, so that it must not scan it; and planning anew for every value takes longer than running.
const SETTINGS: &str = "set enable_seqscan = off set enable_bitmapscan = off set jit = off \
    set plan_cache_mode = force_generic_plan";

/// The version of the schema that this crate creates and needs.
pub const VERSION: i64 = STEPS.len() as i64;

/// The SQL that brings a schema from a version to that of the last step.
pub(crate) fn steps_from(steps: &[&str], version: i64, schema: &str) -> String {
    let done = usize::try_from(version).unwrap_or_default().min(steps.len());
    steps[done..].concat().replace("$schema", schema).replace("$settings", SETTINGS)
}

/// Returns the version of the schema, 0 if there is none.
pub(crate) async fn version(client: &Client, schema: &str) -> Result<i64, Error> {
    let exists = format!("select to_regclass('{schema}.meta') is not null");
    if !client.query_typed_one(&exists, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let version = format!("select value from {schema}.meta where name = 'schema'");
    client.query_typed_one(&version, &[]).await?.try_get(0)
}

/// Brings a schema to the version of the last step, if it is older, and returns its version.
///
/// The steps are one message and therefore one transaction, in which no other operation on the connection takes part. A lock of the
/// transaction keeps two processes from migrating at the same time; the second one looks at the version again.
pub(crate) async fn migrate(client: &Client, schema: &str, steps: &[&str]) -> Result<i64, Error> {
    let newest = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    loop {
        let found = version(client, schema).await?;
        if found >= newest {
            return Ok(found);
        }
        let has_changed = match found {
            0 => format!("to_regclass('{schema}.meta') is not null"),
            _ => format!("(select value from {schema}.meta where name = 'schema') <> {found}"),
        };
        let migrated = client
            .batch_execute(&format!(
                "select pg_advisory_xact_lock(hashtext('linq-postgres {schema}'));
                create schema if not exists {schema};
                do $check$ begin if {has_changed} then raise serialization_failure; end if; end $check$;
                {}
                update {schema}.meta set value = {newest} where name = 'schema';",
                steps_from(steps, found, schema)
            ))
            .await;
        match migrated {
            Err(error) if error.code() == Some(&SqlState::T_R_SERIALIZATION_FAILURE) => {}
            Err(error) => return Err(error),
            Ok(()) => return Ok(newest),
        }
    }
}

/// Checks that a version is that of the last step.
pub(crate) fn check(version: i64, steps: &[&str]) -> Result<(), StoreError> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let text = match version {
        0 => "the schema does not exist; call `Store::migrate`".to_owned(),
        _ if version == known => return Ok(()),
        older if older < known => {
            format!("the schema has version {older}, older than {known}; call `Store::migrate`")
        }
        newer => format!(
            "the schema has version {newer}, newer than {known}, which this version knows; upgrade linq-postgres"
        ),
    };
    Err(StoreError::with_source(StoreErrorKind::Config, text))
}

#[cfg(test)]
mod tests;

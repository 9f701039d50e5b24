use tokio_postgres::Client;

/// The steps from one version of the schema to the next, the first from an empty database.
const STEPS: &[&str] = &[concat!(
    include_str!("schema/1/tables.sql"),
    include_str!("schema/1/enqueue.sql"),
    include_str!("schema/1/leases.sql"),
    include_str!("schema/1/ledger.sql"),
)];

/// The settings of the functions. A plan that was made while a table was small is kept when it is large, so that it must not scan
/// it; and planning anew for every value takes longer than running.
const SETTINGS: &str = "set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan";

/// The version that this crate knows.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// The SQL that brings a schema from a version to the newest one.
pub(crate) fn steps_from(version: i64, schema: &str) -> String {
    let done = usize::try_from(version).unwrap_or_default().min(STEPS.len());
    STEPS[done..].concat().replace("$schema", schema).replace("$settings", SETTINGS)
}

/// Returns the version of the schema, 0 if there is none.
pub(crate) async fn version(client: &Client, schema: &str) -> Result<i64, tokio_postgres::Error> {
    let exists = format!("select to_regclass('{schema}.meta') is not null");
    if !client.query_typed_one(&exists, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let version = format!("select value from {schema}.meta where name = 'schema'");
    client.query_typed_one(&version, &[]).await?.try_get(0)
}

/// Migrates in one transaction. A lock of the transaction keeps two processes from doing it at the same time.
pub(crate) async fn migrate(client: &Client, schema: &str) -> Result<(), tokio_postgres::Error> {
    client
        .batch_execute(&format!(
            "begin; select pg_advisory_xact_lock(hashtext('linq-postgres {schema}')); create schema if not exists {schema}"
        ))
        .await?;
    let migrated = async {
        let found = version(client, schema).await?;
        let steps = steps_from(found, schema);
        if steps.is_empty() {
            return Ok(());
        }
        client.batch_execute(&steps).await?;
        client
            .batch_execute(&format!("update {schema}.meta set value = {VERSION} where name = 'schema'"))
            .await
    };
    match migrated.await {
        Ok(()) => client.batch_execute("commit").await,
        Err(error) => {
            client.batch_execute("rollback").await?;
            Err(error)
        }
    }
}

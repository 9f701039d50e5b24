use linq_durable::{NewItem, QueueName};
use serde_json::{Value, json};

use crate::values::{seconds, text};

/// Returns the statement that adds an item in a transaction of the application: it is in the queue if the transaction is
/// committed.
///
/// The statement has one parameter, a string with the [JSON of the item](item_json), so that any driver can run it in any language.
/// `schema` is the [name of the schema](crate::Config::schema) of the store.
///
/// It waits for no other transaction. A store adds the item to the queue after the commit, in the order of these statements among
/// those that were committed by then; an item whose id is known is dropped. Workers see the item within half a second, and at once
/// after [`Store::wake`](crate::Store::wake).
///
/// ```no_run
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_postgres as postgres; }
/// use linq::{durable::{NewItem, QueueName}, postgres::{add_statement, item_json}};
///
/// # async fn doc(client: &mut tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
/// let item = NewItem::new("order.paid", r#"{"order":7}"#).id("order 7 paid").key("order 7");
/// let transaction = client.transaction().await?;
/// transaction.execute("update orders set state = 'paid' where id = 7", &[]).await?;
/// let json = item_json(&QueueName::from("orders"), &item);
/// transaction.execute(&add_statement("linq"), &[&json]).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn add_statement(schema: &str) -> String {
    format!("select {schema}.add($1)")
}

/// Returns the JSON of an item, for [`add_statement`].
///
/// It is an object with `queue`, `kind`, `id` and `key`, which can be null, `delay_seconds`, and the content as text in `body`, or
/// in hexadecimal digits in `body_hex` if it is not text.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_postgres as postgres; }
/// use linq::{durable::{NewItem, QueueName}, postgres::item_json};
///
/// let item = NewItem::new("order.paid", "7").id("order 7 paid").key("order 7");
/// let json = r#"{"body":"7","delay_seconds":0.0,"id":"order 7 paid","key":"order 7","kind":"order.paid","queue":"orders"}"#;
/// assert_eq!(item_json(&QueueName::from("orders"), &item), json);
/// ```
#[must_use]
pub fn item_json(queue: &QueueName, item: &NewItem) -> String {
    let mut json = json!({
        "queue": queue.as_str(),
        "kind": text(&item.kind),
        "id": item.id.as_deref().map(text),
        "key": item.key.as_deref().map(text),
        "delay_seconds": seconds(item.delay),
    });
    match std::str::from_utf8(&item.body) {
        Ok(body) if !body.contains('\0') => json["body"] = body.into(),
        _ => json["body_hex"] = Value::String(item.body.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
    json.to_string()
}

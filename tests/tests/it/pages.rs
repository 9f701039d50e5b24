//! Lists that come in pages, over both clients.

use linq_core::{Error, ErrorKind, TransportErrorKind, types::messages::Message};
use serde_json::{Value, json};

use super::script::{Answer, CHAT, Script};

mod empty;
mod memory;

/// A page of messages with these ids; null is a cursor too.
fn page(ids: &[&str], next_cursor: &Value) -> Answer {
    let messages: Vec<_> = ids.iter().map(|id| message(id, "Hello!")).collect();
    Answer::json(200, &json!({"messages": messages, "next_cursor": next_cursor}))
}

fn message(id: &str, text: &str) -> Value {
    json!({
        "id": id,
        "chat_id": CHAT,
        "is_from_me": true,
        "parts": [{"type": "text", "value": text, "reactions": null}],
        "created_at": "2026-09-01T10:00:00Z",
        "updated_at": "2026-09-01T10:00:00Z",
        "is_delivered": true,
        "is_read": false,
    })
}

/// What an iterator gave, in short: ids, and kinds of errors.
fn outcome(item: Result<Message, Error>) -> Result<String, ErrorKind> {
    item.map(|message| message.id.to_string()).map_err(|error| error.kind())
}

/// Takes all items on both clients, going on after errors: gives the outcomes and the queries that were asked.
async fn walk(answers: &[Answer]) -> (Vec<Result<String, ErrorKind>>, Vec<String>) {
    let (script, other) = (Script::new(answers.to_vec()), Script::new(answers.to_vec()));
    let (client, blocking) = (script.client(), other.blocking());
    let mut items = client.chats().messages(CHAT).list().limit(2).items();
    let mut outcomes = Vec::new();
    while let Some(item) = items.next().await {
        outcomes.push(outcome(item));
    }
    assert!(items.next().await.is_none(), "it must stay at its end");
    let mut items = blocking.chats().messages(CHAT).list().limit(2).items();
    assert_eq!(items.by_ref().map(outcome).collect::<Vec<_>>(), outcomes);
    assert!(items.next().is_none(), "it must stay at its end");
    let queries = queries(&script);
    assert_eq!(self::queries(&other), queries);
    (outcomes, queries)
}

fn queries(script: &Script) -> Vec<String> {
    script.played().requests.iter().map(|request| request.uri.query().unwrap().to_owned()).collect()
}

fn ids<const N: usize>(ids: [&str; N]) -> Vec<Result<String, ErrorKind>> {
    ids.map(|id| Ok(id.to_owned())).into()
}

#[tokio::test(start_paused = true)]
async fn a_list_ends_at_an_absent_a_null_or_an_empty_cursor() {
    let absent = Answer::json(200, &json!({"messages": [message("3", "Hello!")]}));
    for last in [absent, page(&["3"], &Value::Null), page(&["3"], &json!(""))] {
        let (outcomes, queries) = walk(&[page(&["1", "2"], &json!("a+b")), last]).await;
        assert_eq!(outcomes, ids(["1", "2", "3"]));
        assert_eq!(queries, ["limit=2", "cursor=a%2Bb&limit=2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_with_a_next_cursor_is_skipped() {
    let without_messages = Answer::json(200, &json!({"next_cursor": "c"}));
    let answers =
        [page(&["1"], &json!("a")), page(&[], &json!("b")), without_messages, page(&["2"], &json!(null))];
    assert_eq!(walk(&answers).await.0, ids(["1", "2"]));
}

#[tokio::test(start_paused = true)]
async fn a_repeated_cursor_is_an_error_and_the_end() {
    let (mut outcomes, queries) = walk(&[page(&["1"], &json!("a")), page(&["2"], &json!("a"))]).await;
    assert_eq!(outcomes.pop(), Some(Err(ErrorKind::Decode)));
    assert_eq!(outcomes, ids(["1", "2"]));
    assert_eq!(queries.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_cycle_of_cursors_is_an_error() {
    let circle: Vec<_> =
        ["a", "b", "c"].into_iter().cycle().take(30).map(|next| page(&["1"], &json!(next))).collect();
    let (outcomes, queries) = walk(&circle).await;
    assert_eq!(outcomes.last(), Some(&Err(ErrorKind::Decode)));
    assert!(queries.len() <= 10, "{}", queries.len());
}

#[tokio::test(start_paused = true)]
async fn the_iterator_continues_after_an_error_without_loss_or_repetition() {
    let answers = [
        page(&["1", "2"], &json!("a")),
        Answer::error(403, 2005),
        Answer::Response { status: 401, headers: Vec::new(), body: "<html>".into() },
        page(&["3", "4"], &json!("b")),
        Answer::Hangs,
        Answer::error(500, 3006),
        Answer::Fails(TransportErrorKind::Connect),
        page(&["5"], &Value::Null),
    ];
    let (outcomes, queries) = walk(&answers).await;
    let mut expected = ids(["1", "2"]);
    expected.extend([Err(ErrorKind::Api), Err(ErrorKind::Api)]);
    expected.extend(ids(["3", "4"]));
    expected.push(Err(ErrorKind::Connect));
    expected.extend(ids(["5"]));
    assert_eq!(outcomes, expected);
    let cursors: Vec<_> = queries.iter().map(|query| query.trim_end_matches("limit=2")).collect();
    assert_eq!(
        cursors,
        ["", "cursor=a&", "cursor=a&", "cursor=a&", "cursor=b&", "cursor=b&", "cursor=b&", "cursor=b&"]
    );
}

#[tokio::test]
async fn a_page_is_requested_only_when_one_of_its_items_is() {
    let answers = [page(&["1", "2"], &json!("a")), page(&["3"], &Value::Null)];
    let script = Script::new(answers.clone());
    let client = script.client();
    let mut items = client.chats().messages(CHAT).list().items();
    for asked in [1, 1, 2] {
        items.next().await.unwrap().unwrap();
        assert_eq!(script.played().requests.len(), asked);
    }
    let script = Script::new(answers);
    let client = script.blocking();
    let items = client.chats().messages(CHAT).list().items();
    for (item, asked) in items.zip([1, 1, 2]) {
        item.unwrap();
        assert_eq!(script.played().requests.len(), asked);
    }
}

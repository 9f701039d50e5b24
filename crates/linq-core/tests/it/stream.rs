use std::{future::poll_fn, pin::pin};

use futures_core::Stream;

use super::script::{client, run};

fn page(ids: &[&str], next: &str) -> Option<(u16, String)> {
    let messages: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"id":"{id}","chat_id":"c","is_from_me":true,"is_delivered":true,"is_read":true,
                    "created_at":"2026-02-05T19:52:17Z","updated_at":"2026-02-05T19:52:17Z"}}"#
            )
        })
        .collect();
    Some((200, format!(r#"{{"messages":[{}],"next_cursor":"{next}"}}"#, messages.join(","))))
}

#[test]
fn a_stream_gives_every_item_of_every_page_once_and_goes_on_after_an_error() {
    let client = client([page(&["a", "b"], "1"), None, None, None, page(&[], "2"), page(&["c"], "")]);
    let mut stream = pin!(client.chats().messages("c").list().items().into_stream());
    let mut seen = Vec::new();
    while let Some(item) = run(poll_fn(|context| stream.as_mut().poll_next(context))) {
        seen.push(item.map_or_else(|error| format!("{:?}", error.kind()), |message| message.id.to_string()));
    }
    assert_eq!(seen, ["a", "b", "Transport", "c"]);
    assert!(run(poll_fn(|context| stream.as_mut().poll_next(context))).is_none());
}

#[test]
fn a_stream_gives_the_items_of_a_page_with_half_of_a_surrogate_pair_and_unreadable_fields() {
    let page = r#"{"messages":[{"id":"a","chat_id":"c","created_at":"yesterday","is_from_me":null,
        "parts":[{"type":"text","value":"party \ud83c"},{"type":"media"}],"\udf89":1}],"next_cursor":null}"#;
    let client = client([Some((200, page.to_owned()))]);
    let mut stream = pin!(client.chats().messages("c").list().items().into_stream());
    let message = run(poll_fn(|context| stream.as_mut().poll_next(context))).unwrap().unwrap();
    assert_eq!(message.parts[0].as_text(), Some("party \u{fffd}"));
    assert_eq!((message.parts.len(), message.created_at, message.is_from_me), (2, None, None));
    assert!(run(poll_fn(|context| stream.as_mut().poll_next(context))).is_none());
}

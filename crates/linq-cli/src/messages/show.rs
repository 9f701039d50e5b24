//! How messages look.

use linq::types::{
    messages::{DeliveryStatus, Message},
    parts::PartResponse,
};

use crate::{
    output::Style,
    paging::Listing,
    table::{Cell, Heading, details},
};

pub(super) const MESSAGES: Listing<Message> = Listing {
    field: "messages",
    headings: &[
        Heading::Whole("ID"),
        Heading::Whole("CREATED"),
        Heading::Shortened("FROM"),
        Heading::Whole("STATUS"),
        Heading::Shortened("TEXT"),
    ],
    row,
    empty: "No messages found.",
    order: None,
    created_at: |message| message.created_at,
};

fn row(message: &Message, style: &Style) -> Vec<Cell> {
    vec![
        Cell::new(&message.id),
        Cell::new(style.time(message.created_at.as_ref())),
        Cell::new(sender(message)),
        status(message),
        Cell::new(text(message)),
    ]
}

/// Returns a line for each field of a message.
pub(super) fn message(message: &Message, style: &Style) -> String {
    let mut values = vec![
        ("id", Cell::new(&message.id)),
        ("chat", Cell::new(&message.chat_id)),
        ("from", Cell::new(sender(message))),
        ("service", Cell::of(message.service.as_ref())),
        ("status", status(message)),
        ("text", Cell::new(text(message))),
        ("created", Cell::new(style.time(message.created_at.as_ref()))),
        ("sent", Cell::new(style.time(message.sent_at.as_ref()))),
        ("delivered", Cell::new(style.time(message.delivered_at.as_ref()))),
        ("read", Cell::new(style.time(message.read_at.as_ref()))),
    ];
    if let Some(effect) = &message.effect {
        values.push(("effect", Cell::of(effect.name.as_ref())));
    }
    if let Some(reply_to) = &message.reply_to {
        values.push(("reply to", Cell::of(reply_to.message_id.as_ref())));
    }
    for media in message.media() {
        values.push(("attachment", Cell::of(media.id.as_ref())));
    }
    details(&values, style)
}

fn sender(message: &Message) -> &str {
    match (&message.from_handle, message.is_from_me) {
        (Some(from), _) => from.handle.as_str(),
        (None, Some(true)) => "you",
        (None, _) => "-",
    }
}

fn status(message: &Message) -> Cell {
    match &message.delivery_status {
        Some(status @ DeliveryStatus::Failed) => Cell::judged(status, false),
        status => Cell::of(status.as_ref()),
    }
}

/// Returns the text of a message, with a description of each part that is no text.
fn text(message: &Message) -> String {
    let part = |part: &PartResponse| match part {
        PartResponse::Text(text) => text.value.clone(),
        PartResponse::Link(link) => link.value.clone(),
        PartResponse::AppClip(clip) => clip.value.clone(),
        PartResponse::Media(media) => {
            let kind = media.mime_type.as_deref().unwrap_or("media");
            match &media.filename {
                Some(name) => format!("[{kind} {name}]"),
                None => format!("[{kind}]"),
            }
        }
        PartResponse::IMessageApp(_) => "[imessage_app]".to_owned(),
        _ => "[unknown]".to_owned(),
    };
    message.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use linq::types::json;

    use super::*;
    use crate::table::listing;

    fn messages() -> Vec<Message> {
        let body = r#"[
            {"id": "69a37c7d-af4f-4b5e-af42-e28e98ce873a", "chat_id": "550e8400-e29b-41d4-a716-446655440000",
             "from_handle": {"handle": "+12025550199"}, "delivery_status": "received", "service": "iMessage",
             "parts": [{"type": "text", "value": "Are you\nopen? \u001b]0;owned\u0007 \u202egnp.exe"},
                       {"type": "media", "id": "a1", "url": "https://example.com/a", "mime_type": "image/png", "filename": "\u001b[2Jmap.png"}],
             "created_at": "2026-02-05T19:57:00Z"},
            {"id": "b1f2b1a0-6c5e-4a59-8f0d-1d9f3c2b7a61", "chat_id": "550e8400-e29b-41d4-a716-446655440000",
             "is_from_me": true, "from_handle": {"handle": "+12025550100"}, "delivery_status": "failed",
             "parts": [{"type": "text", "value": "We open at nine, and close at five, except on Sundays, when we are closed."}],
             "effect": {"type": "screen", "name": "confetti"}, "reply_to": {"message_id": "69a37c7d"},
             "created_at": "2026-02-04T14:02:00.5Z", "sent_at": "2026-02-04T14:02:01Z"}
        ]"#;
        json::from_slice(body.as_bytes()).unwrap()
    }

    fn list(style: &Style) -> String {
        listing(
            MESSAGES.headings,
            messages().iter().map(|message| row(message, style)).collect(),
            style,
            true,
        )
    }

    #[test]
    fn a_list_on_a_terminal_has_relative_times_and_fits() {
        insta::assert_snapshot!(list(&Style::terminal()));
    }

    #[test]
    fn a_list_in_a_pipe_has_exact_times_and_whole_texts() {
        insta::assert_snapshot!(list(&Style::pipe()));
    }

    #[test]
    fn a_message_has_a_line_for_each_field() {
        let [first, second] = &messages()[..] else { unreachable!() };
        insta::assert_snapshot!(message(first, &Style::terminal()));
        insta::assert_snapshot!(message(second, &Style::pipe()));
    }
}

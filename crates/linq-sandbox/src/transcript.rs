use std::fmt::Write as _;

use linq_types::{ChatId, messages::DeliveryStatus};

use crate::{model::Message, store::Store};

/// Renders one line per message: sender, content, delivery status, reactions.
pub(crate) fn transcript(store: &Store, chat_id: &ChatId) -> String {
    let chat = store.chat(chat_id.as_str()).ok();
    let ids = chat.into_iter().flat_map(|chat| chat.messages.iter());
    let messages = ids.filter_map(|id| store.message(id.as_str()).ok());
    messages.fold(String::new(), |mut text, message| {
        text.push_str(&line(message));
        text.push('\n');
        text
    })
}

pub(crate) fn line(message: &Message) -> String {
    let contents: Vec<_> = message.parts.iter().map(|part| part.content.summary()).collect();
    let mut line = format!("{}: {}", message.sender, contents.join(" "));
    if message.is_edited() {
        line.push_str(" (edited)");
    }
    if message.status != DeliveryStatus::Received {
        let _ = write!(line, " ({})", message.status);
    }
    for reaction in message.parts.iter().flat_map(|part| &part.reactions) {
        let kind = reaction.custom_emoji.as_deref().unwrap_or(reaction.kind.as_str());
        let _ = write!(line, " [{kind} by {}]", reaction.by);
    }
    line
}

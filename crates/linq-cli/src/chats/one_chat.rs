use clap::Args;
use linq::types::{ChatId, HandleStatus, chats::Chat, messages::AcceptedResponse};
use serde_json::Value;

use crate::{
    api_options::ApiOptions,
    failure::Failure,
    output::Style,
    table::{Cell, details},
};

/// A chat.
#[derive(Debug, Args)]
pub(super) struct OneChat {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl OneChat {
    pub(super) async fn get(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        self.options.output.show_call(client.chats().retrieve(&self.chat), text).await
    }

    pub(super) async fn mark_as_read(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let call = client.chats().mark_as_read(&self.chat);
        let sentence = format!("Chat {} marked as read", self.chat);
        self.options.output.confirm(call, Value::Null, &sentence).await
    }

    pub(super) async fn share_contact(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let call = client.chats().share_contact_card(&self.chat);
        let sentence = format!("Contact card shared with chat {}", self.chat);
        self.options.output.confirm(call, Value::Null, &sentence).await
    }

    pub(super) async fn leave(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let left = |_: &AcceptedResponse, style: &Style| {
            format!("{}\n", style.done(&format!("Request to leave chat {} accepted", self.chat)))
        };
        self.options.output.show_call(client.chats().leave(&self.chat), left).await
    }
}

/// Returns a line for each field of a chat, and for each participant.
pub(super) fn text(chat: &Chat, style: &Style) -> String {
    let mut values = vec![
        ("id", Cell::new(&chat.id)),
        ("name", Cell::of(chat.display_name.as_ref())),
        ("group", Cell::of(chat.is_group.map(|is_group| if is_group { "yes" } else { "no" }))),
        ("service", Cell::of(chat.service.as_ref())),
        ("health", Cell::of(chat.health_status.as_ref().map(|health| &health.status))),
        ("created", Cell::new(style.time(chat.created_at.as_ref()))),
        ("updated", Cell::new(style.time(chat.updated_at.as_ref()))),
    ];
    for handle in &chat.handles {
        let mut participant = handle.handle.to_string();
        if handle.is_me == Some(true) {
            participant.push_str(" (your line)");
        }
        if let Some(status) = handle.status.as_ref().filter(|status| **status != HandleStatus::Active) {
            participant.push_str(&format!(" ({status})"));
        }
        values.push(("participant", Cell::new(participant)));
    }
    details(&values, style)
}

#[cfg(test)]
mod tests {
    use linq::types::json;

    use super::*;

    #[test]
    fn a_chat_has_a_line_for_each_participant_with_what_others_wrote_escaped() {
        let body = r#"{"id": "550e8400-e29b-41d4-a716-446655440000", "display_name": "\u202eBook\nclub\u001b[2J", "is_group": true,
            "service": "iMessage", "health_status": {"status": "AT_RISK"}, "created_at": "2025-02-05T19:57:00Z",
            "updated_at": "2026-02-05T19:57:00Z", "handles": [{"handle": "+12025550100", "is_me": true, "status": "active"},
            {"handle": "\u001b[2J@x", "status": "left"}]}"#;
        let chat: Chat = json::from_slice(body.as_bytes()).unwrap();
        insta::assert_snapshot!(text(&chat, &Style { colored: true, ..Style::terminal() }));
        insta::assert_snapshot!(text(&chat, &Style::pipe()));
    }
}

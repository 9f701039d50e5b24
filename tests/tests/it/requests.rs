//! The bodies of the common calls, as they are sent.

use linq_core::types::{
    Handle,
    attachments::NewAttachment,
    chats::NewChat,
    events::EventType,
    messages::{MessageContent, NewChatMessage},
    parts::{Effect, Part, ReplyTo, TextAnimation, TextDecoration, TextPart, TextStyle, Utf16Range},
    reactions::Reaction,
    webhook_subscriptions::NewWebhookSubscription,
};
use serde_json::Value;

use super::script::{CHAT, Script};

/// The body of a call's request, made by a client with a key source of its own.
macro_rules! body {
    (|$client:ident| $call:expr) => {{
        let ($client, _) = Script::default().clients(|builder| builder.key_source(|| "key".into()));
        let request = $call.into_request().unwrap();
        serde_json::from_slice::<Value>(request.body().as_bytes().unwrap()).unwrap()
    }};
}

#[test]
fn a_chat_is_opened_with_its_first_message() {
    let chat = NewChat::new("+12025550100", ["+12025550199", "casey@example.com"], "Hello!");
    insta::assert_json_snapshot!(body!(|client| client.chats().create(chat)));
}

#[test]
fn a_text_is_sent() {
    insta::assert_json_snapshot!(body!(|client| client.chats().messages(CHAT).send("On my way")));
}

#[test]
fn a_message_is_sent_with_effect_reply_and_decorations() {
    let text = TextPart::new("Meet at 6?").text_decorations(vec![
        TextDecoration::style(Utf16Range::new(0, 4), TextStyle::Bold),
        TextDecoration::animation(Utf16Range::new(8, 10), TextAnimation::Shake),
    ]);
    let parts = [text.into(), Part::media_url("https://example.com/map.png")];
    let message =
        MessageContent::new(parts).effect(Effect::CONFETTI).reply_to(ReplyTo::new("m1").part_index(1));
    let message = NewChatMessage::new(message).override_optout(true);
    insta::assert_json_snapshot!(body!(|client| client.chats().messages(CHAT).send(message)));
}

#[test]
fn a_reaction_is_put_on_a_part() {
    insta::assert_json_snapshot!(body!(|client| {
        client.messages().add_reaction("m1", Reaction::emoji("🔥").part_index(1))
    }));
}

#[test]
fn events_are_subscribed_to() {
    let events = [EventType::MessageReceived, EventType::MessageFailed];
    let subscription = NewWebhookSubscription::new("https://example.com/linq", events)
        .phone_numbers([Handle::from("+12025550100")]);
    insta::assert_json_snapshot!(body!(|client| client.webhook_subscriptions().create(subscription)));
}

#[test]
fn an_upload_is_announced() {
    let attachment = NewAttachment::new("photo.jpg", "image/jpeg", 245_678u64);
    insta::assert_json_snapshot!(body!(|client| client.attachments().create(attachment)));
}

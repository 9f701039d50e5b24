//! The text for people, as it is printed into a pipe.

use std::time::Duration;

use linq::{
    Client, ReqwestBackend,
    types::{attachments::NewAttachment, events::EventType, webhook_subscriptions::NewWebhookSubscription},
};
use linq_sandbox::Sandbox;

use super::running::linq;

#[tokio::test(flavor = "multi_thread")]
async fn text_for_people_is_the_same_for_the_same_seed_and_time() {
    let builder = Sandbox::builder().seed(7).api_key("key").manual_time();
    let builder = builder.starts_at("2026-02-05T19:00:00Z".parse().unwrap());
    let sandbox = builder.phone_number("+12025550100").start().await.unwrap();
    let backend = ReqwestBackend::new().unwrap();
    let client = Client::builder().api_key("key").base_url(sandbox.base_url()).build(backend).unwrap();
    let casey = sandbox.person("+12025550199");
    let said = casey.says("Are you open?").unwrap();
    sandbox.advance(Duration::from_secs(90)).await;
    let group = casey.sends_among(["+12025550198", "+12025550197"], "Hello\u{1b}[2J, everybody").unwrap();
    let photo = NewAttachment::new("photo.jpg", "image/jpeg", 1_024_000);
    let attachment = client.attachments().create(photo).await.unwrap().attachment_id;
    let subscription = NewWebhookSubscription::new("https://example.com/linq", [EventType::MessageReceived]);
    let subscription = client.webhook_subscriptions().create(subscription).await.unwrap().subscription.id;
    let (chat, group, message) = (said.chat_id.as_str(), group.chat_id.as_str(), said.message_id.as_str());
    let mut printed = String::new();
    for arguments in [
        &["phonenumbers"][..],
        &["chats", "create", "--to", "+12025550196", "-m", "Hello"],
        &["chats", "list", "--limit", "2"],
        &["chats", "get", group],
        &["chats", "update", group, "--name", "Book club"],
        &["chats", "read", chat],
        &["chats", "typing", chat],
        &["chats", "typing", chat, "--stop"],
        &["messages", "send", chat, "-m", "We open at nine.", "--effect", "confetti"],
        &["messages", "list", chat],
        &["messages", "get", message],
        &["messages", "react", message, "--type", "love"],
        &["messages", "thread", message],
        &["messages", "delete", message],
        &["attachments", "upload", "--filename", "photo.jpg", "--content-type", "image/jpeg", "--size", "9"],
        &["attachments", "get", attachment.as_str()],
        &["webhooks", "create", "--url", "https://example.com/new", "--events", "message.sent,message.read"],
        &["webhooks", "list"],
        &["webhooks", "update", subscription.as_str(), "--deactivate"],
        &["webhooks", "delete", subscription.as_str()],
    ] {
        let mut command = linq(arguments);
        command.env("LINQ_API_URL", sandbox.base_url()).env("LINQ_TOKEN", "key");
        let output = command.env("LINQ_FROM_PHONE", "+12025550100").output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        printed.push_str(&format!("$ linq {}\n{said}\n", arguments.join(" ")));
    }
    let origin = sandbox.base_url().strip_suffix("/api/partner").unwrap();
    insta::assert_snapshot!(printed.replace(origin, "http://127.0.0.1:4010"));
}

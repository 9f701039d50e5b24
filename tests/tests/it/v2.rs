//! The V2 API on both clients, against the sandbox.

use linq::{
    Client, Error, ReqwestBackend, UreqBackend, blocking,
    sandbox::{Sandbox, SandboxExt as _},
    types::v2::{EventType, chats::NewChat, webhook_subscriptions::NewWebhookSubscription},
    v2::V2,
};

const LINE: &str = "+12025550100";
const ADA: &str = "+12025550199";

fn subscription() -> NewWebhookSubscription {
    NewWebhookSubscription::new("https://example.com/hook", [EventType::MessageSent]).secret("my-secret")
}

async fn converse(v2: V2<'_, Client>) -> Result<(), Error> {
    let chats = v2.chats();
    let chat = chats.create(NewChat::new(LINE, [ADA], "one")).await?.data;
    chats.messages(chat.id.unwrap()).send("two").await?;
    assert_eq!(v2.phone_numbers().list().await?.phone_numbers[0].phone_number, LINE);
    assert_eq!(v2.i_message_availability().check(ADA).await?.available, Some(true));
    let subscriptions = v2.webhook_subscriptions();
    let created = subscriptions.create(subscription()).await?;
    let updated = subscriptions.update(&created.id, subscription().active(false)).await?;
    assert_eq!((updated.active, updated.secret_configured), (Some(false), Some(true)));
    assert_eq!(subscriptions.list().await?.webhook_subscriptions.len(), 1);
    subscriptions.delete(&created.id).await?;
    let error = subscriptions.delete(&created.id).await.unwrap_err();
    assert!(error.is_not_found() && error.v2().unwrap().code().unwrap() == "not_found", "{error}");
    Ok(())
}

fn converse_blocking(v2: V2<'_, blocking::Client>) -> Result<(), Error> {
    let chats = v2.chats();
    let chat = chats.create(NewChat::new(LINE, [ADA], "one")).call()?.data;
    chats.messages(chat.id.unwrap()).send("two").call()?;
    assert_eq!(v2.phone_numbers().list().call()?.phone_numbers[0].phone_number, LINE);
    assert_eq!(v2.i_message_availability().check(ADA).call()?.available, Some(true));
    let subscriptions = v2.webhook_subscriptions();
    let created = subscriptions.create(subscription()).call()?;
    let updated = subscriptions.update(&created.id, subscription().active(false)).call()?;
    assert_eq!((updated.active, updated.secret_configured), (Some(false), Some(true)));
    assert_eq!(subscriptions.list().call()?.webhook_subscriptions.len(), 1);
    subscriptions.delete(&created.id).call()?;
    let error = subscriptions.delete(&created.id).call().unwrap_err();
    assert!(error.is_not_found() && error.v2().unwrap().code().unwrap() == "not_found", "{error}");
    Ok(())
}

async fn sandbox() -> Sandbox {
    Sandbox::builder().phone_number(LINE).start().await.unwrap()
}

async fn assert_heard(sandbox: &Sandbox) {
    for text in ["one", "two"] {
        assert_eq!(sandbox.person(ADA).hears().await.text(), text);
    }
}

#[tokio::test]
async fn the_asynchronous_client_converses_with_v2() {
    let sandbox = sandbox().await;
    let client = sandbox.client(ReqwestBackend::new().unwrap()).unwrap();
    converse(client.v2()).await.unwrap();
    assert_heard(&sandbox).await;
}

#[tokio::test]
async fn the_blocking_client_converses_with_v2() {
    let sandbox = sandbox().await;
    let client = sandbox.blocking_client(UreqBackend::new()).unwrap();
    tokio::task::spawn_blocking(move || converse_blocking(client.v2())).await.unwrap().unwrap();
    assert_heard(&sandbox).await;
}

//! Tests of a bot that read like the conversation. The page `docs/testing.md` quotes them.

use std::time::Duration;

use linq::{
    ReqwestBackend,
    prelude::*,
    sandbox::{Sandbox, SandboxBuilder},
};

struct Bot {
    client: Client,
}

#[linq_handler]
impl Bot {
    #[on]
    async fn answer(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        let client = self.client.for_event(keys);
        if message.text() == "Thanks!" {
            client.messages().add_reaction(&message.id, Reaction::LOVE).await?;
        } else {
            client.chats().messages(&message.chat.id).send("We open at nine.").await?;
        }
        Ok(())
    }
}

/// Starts a sandbox that delivers its webhooks to the bot.
async fn with_bot(builder: SandboxBuilder) -> anyhow::Result<Sandbox> {
    let sandbox = builder.start().await?;
    let bot = Bot { client: sandbox.client(ReqwestBackend::new()?)? };
    tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    Ok(sandbox)
}

#[tokio::test]
async fn it_says_when_we_open() -> anyhow::Result<()> {
    let sandbox = with_bot(Sandbox::builder()).await?;
    let casey = sandbox.person("+12025550199");
    casey.says("When do you open?")?;
    assert_eq!(casey.hears().await.text(), "We open at nine.");

    let thanks = casey.says("Thanks!")?;
    sandbox.until(|sandbox| sandbox.transcript(&thanks.chat_id).contains("[love by +12025550100]")).await;
    casey.hears_nothing_for(Duration::from_millis(100)).await;
    sandbox.expect_no_errors();
    Ok(())
}

#[tokio::test]
async fn it_answers_once_in_each_chat_although_responses_are_lost_and_webhooks_are_repeated()
-> anyhow::Result<()> {
    let lost = "chats.messages.send: lost-ack, 503".parse()?;
    let sandbox = with_bot(Sandbox::builder().fault(lost).fault("webhook: duplicate".parse()?)).await?;
    let (casey, robin) = (sandbox.person("+12025550199"), sandbox.person("+12025550198"));
    let asked = casey.sends_among([robin.handle().clone()], "When do you open?")?;
    for person in [&casey, &robin] {
        let answer = person.hears().await;
        assert_eq!((answer.text().as_str(), answer.chat_id), ("We open at nine.", asked.chat_id.clone()));
    }
    sandbox.until(|sandbox| sandbox.faults_left().is_empty()).within(Duration::from_secs(30)).await;
    casey.hears_nothing_for(Duration::from_millis(100)).await;
    sandbox.expect_no_errors();
    Ok(())
}

#[tokio::test]
async fn it_is_delivered_what_it_missed_within_half_an_hour() -> anyhow::Result<()> {
    let sandbox = with_bot(Sandbox::builder().manual_time().fault("webhook: delay 20m".parse()?)).await?;
    let casey = sandbox.person("+12025550199");
    casey.says("When do you open?")?;
    casey.hears_nothing_for(Duration::from_secs(19 * 60)).await;
    sandbox.advance(Duration::from_secs(2 * 60)).await;
    assert_eq!(casey.hears().await.text(), "We open at nine.");
    Ok(())
}

//! The part of the page that shows what the machine does.

use linq::{
    sandbox::{Sandbox, WebhookQuery},
    types::{events::EventType, messages::DeliveryStatus},
};

use super::{
    bot::{self, Bot},
    browser::Browser,
    scene::{CASEY, Scene},
};

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_listed_with_details_and_can_be_filtered_and_cleared() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let page = scene.open(&browser).await;
    page.see("@log-requests").await;
    scene.chat("Unmistakable").await;
    let refused = scene.client.chats().retrieve("none").await.unwrap_err();
    assert!(refused.is_not_found());

    page.see(("@log-requests @log-row", "201")).await;
    page.see(("@log-requests @log-row", "404")).await;
    page.click(("@log-requests @log-row", "chats.create")).await;
    page.see(("@detail @request-body", "Unmistakable")).await;
    page.see(("@detail @response-body", "\"chat\"")).await;
    assert!(!page.text("@detail").await.contains(scene.sandbox.api_key()));
    page.click("@copy-curl").await;
    page.see("@toast .toast").await;
    page.click("@detail-close").await;
    page.see_no("@detail").await;

    page.type_into("@filter", "chats.retrieve").await;
    page.see_no(("@log-requests @log-row", "chats.create")).await;
    page.see(("@log-requests @log-row", "chats.retrieve")).await;
    page.fill("@filter", "chats").await;
    page.see(("@log-requests @log-row", "chats.create")).await;
    page.click("@clear-log").await;
    page.see_no("@log-requests @log-row").await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_listed_with_attempts_and_payload_and_are_sent_again() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let _bot = Bot::start(&scene.sandbox);
    let page = scene.open(&browser).await;
    page.click("@tab-webhooks").await;
    let said = scene.sandbox.person(CASEY).says("Unmistakable").unwrap();

    page.click(("@log-webhooks @log-row", "message.received")).await;
    page.see(("@detail @request-body", "Unmistakable")).await;
    page.see(("@detail", "webhook-signature")).await;
    let received = WebhookQuery::default().event_type(EventType::MessageReceived);
    let attempts = async || {
        scene.sandbox.webhooks(&received).iter().map(|webhook| webhook.attempts.len()).sum::<usize>()
    };
    assert_eq!(attempts().await, 1);
    page.click("@send-again").await;
    page.until("it is sent again", async || (attempts().await == 2).then_some(())).await;
    page.see(("@log-webhooks @log-row", "2 attempts")).await;

    // Nobody listens there.
    scene.sandbox.subscribe("http://127.0.0.1:1/").unwrap();
    scene.sandbox.person(CASEY).says("Once more").unwrap();
    page.see(("@log-webhooks @log-row", "again in")).await;
    let answers = || scene.sandbox.transcript(&said.chat_id).matches("You wrote: ").count();
    page.until("the bot answers once each", async || (answers() == 2).then_some(())).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_added_hit_requests_and_are_removed() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let page = scene.open(&browser).await;
    page.click("@tab-faults").await;
    page.type_into("@fault-input", "chats.create: 503 x1\u{E007}").await;
    page.see(("@fault", "503 x1")).await;
    page.type_into("@fault-input", "*: stall 1s 0.5").await;
    page.click("@fault-add").await;
    page.see(("@fault", "stall")).await;
    assert_eq!(scene.sandbox.faults().len(), 2);
    page.click("@fault[data-fault^='*'] @fault-remove").await;
    page.see_no(("@fault", "stall")).await;

    // The client tries again.
    scene.chat("Hello").await;
    page.see_no("@fault").await;
    page.click("@tab-requests").await;
    page.see(("@log-requests @log-row", "503")).await;
    page.see("@log-requests @row-fault").await;

    page.click("@tab-faults").await;
    page.type_into("@fault-input", "*: earthquake\u{E007}").await;
    page.see(("@toast", "earthquake")).await;
    assert_eq!(scene.sandbox.faults().len(), 0);
    let complaints = browser.complaints().await;
    let refused =
        |complaint: &String| complaint.contains("/sandbox/faults") && complaint.contains("status of 400");
    assert!(complaints.iter().all(refused), "{complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_advanced_and_says_that_it_stands_still() {
    let Some(browser) = Browser::turn().await else { return };
    let sandbox = Sandbox::builder().manual_time().start().await.unwrap();
    let client = bot::client(&sandbox);
    let scene = Scene { sandbox, client };
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    page.see("@status[data-status=pending]").await;
    page.click("@tab-clock").await;
    page.see("@stands-still").await;
    let before = scene.sandbox.now();
    page.click("@advance-60").await;
    page.see("@status[data-status=read]").await;
    assert_eq!(scene.sandbox.messages(&chat)[0].delivery_status, Some(DeliveryStatus::Read));
    page.type_into("@advance-seconds", "7200\u{E007}").await;
    let passed = || scene.sandbox.now().unix_seconds() - before.unix_seconds();
    page.until("two hours have passed", async || (passed() >= 7_260).then_some(())).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_flagged_and_lose_their_reputation() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open(&browser).await;
    page.click("@tab-lines").await;
    page.click("@line-flag").await;
    let refused = async || scene.client.chats().messages(&chat).send("Hello?").await.is_err();
    page.until("the line may not send", async || refused().await.then_some(())).await;
    page.click("@line-flag").await;
    page.until("the line may send", async || (!refused().await).then_some(())).await;
    page.choose("@line-reputation", "CRITICAL").await;
    page.until("the line may not send", async || refused().await.then_some(())).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_empties_the_page() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    page.see(("@message", "Hello")).await;
    page.click("@tab-clock").await;
    page.click("@reset").await;
    page.click("@reset-form-submit").await;
    page.see_no("@message").await;
    page.see_no("@chat-item").await;
    scene.sandbox.person(CASEY).says("Again").unwrap();
    page.see(("@chat-item", "Again")).await;
    browser.expect_no_complaints().await;
}

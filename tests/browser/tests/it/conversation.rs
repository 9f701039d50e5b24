//! A person who is played in the page, and a bot.

use linq::{sandbox::WebhookQuery, types::events::EventType};

use super::{
    bot::Bot,
    browser::Browser,
    scene::{CASEY, Scene},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_answers_a_person_who_is_added_and_types_in_the_page() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let _bot = Bot::start(&scene.sandbox);
    let page = scene.open(&browser).await;

    page.type_into("@add-person-handle", CASEY).await;
    page.click("@add-person-submit").await;
    page.see(("@person[aria-pressed=true]", CASEY)).await;
    page.type_into("@composer-text", "Are you\u{E008}\u{E007}\u{E000} open?\u{E007}").await;
    page.see(("@message.own @bubble", "Are you\n open?")).await;
    page.see(("@message.their @bubble", "You wrote: Are you\n open?")).await;
    page.see("@status[data-status=read]").await;
    page.see(("@chat-item", "You wrote: Are you")).await;

    page.type_into("@composer-text", "Thanks").await;
    page.click("@send").await;
    page.see(("@message.their @bubble", "You wrote: Thanks")).await;
    assert_eq!(page.count("@message").await, 4);
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown_both_ways() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    scene.client.chats().typing(&chat).start().await.unwrap();
    page.see("@typing").await;
    scene.client.chats().typing(&chat).stop().await.unwrap();
    page.see_no("@typing").await;

    // Nobody listens there: what was published is enough.
    scene.sandbox.subscribe("http://127.0.0.1:1/").unwrap();
    page.type_into("@composer-text", "Hm").await;
    for event in [EventType::ChatTypingIndicatorStarted, EventType::ChatTypingIndicatorStopped] {
        let query = WebhookQuery::default().event_type(event.clone());
        let published = async || (!scene.sandbox.webhooks(&query).is_empty()).then_some(());
        page.until(format_args!("{event} is published"), published).await;
    }
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_another_chat_are_counted_until_it_is_shown() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let group = scene.group("Hello, all").await;
    let chat = scene.chat("Hello, Casey").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    page.see(("@message", "Hello, Casey")).await;

    let item = format!("@chat-item[data-chat=\"{group}\"]");
    scene.send(&group, "News").await;
    page.see((&*format!("{item} @unread"), "2")).await;
    page.click(&item).await;
    page.see(("@message", "News")).await;
    page.see_no(&*format!("{item} @unread")).await;
    browser.expect_no_complaints().await;
}

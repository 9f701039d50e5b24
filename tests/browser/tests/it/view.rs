//! What stays: over a reload, in another window, after the connection was lost.

use std::net::SocketAddr;

use linq::{sandbox::Sandbox, types::polls::NewPoll};

use super::{
    bot,
    browser::Browser,
    scene::{CASEY, ROBIN, Scene},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_the_view_and_the_draft() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let group = scene.group("Hello, all").await;
    scene.chat("Hello, Casey").await;
    let page = scene.open(&browser).await;
    page.click(&format!("@chat-item[data-chat=\"{group}\"]")).await;
    page.choose("@as", ROBIN).await;
    page.click("@tab-clock").await;
    page.type_into("@composer-text", "Not sent").await;
    let url = page.url().await;
    assert!(url.contains(group.as_str()) && !url.contains("token"), "{url}");

    page.reload().await;
    page.see(("@message", "Hello, all")).await;
    page.see("@tab-clock[aria-selected=true]").await;
    page.see("@clock-now").await;
    let kept = "return [document.querySelector('#text').value, document.querySelector('#as').value]";
    let kept = page.run(kept, serde_json::json!([])).await;
    assert_eq!(kept, serde_json::json!(["Not sent", ROBIN]));
    assert_eq!(page.url().await, url);
    page.type_into("@composer-text", "\u{E007}").await;
    page.see(("@message.own", "Not sent")).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_agree() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let group = scene.group("Hello, all").await;
    let ours = scene.open_chat(&browser, &group, CASEY).await;
    let theirs = scene.open_chat(&browser, &group, ROBIN).await;

    ours.type_into("@composer-text", "Here?\u{E007}").await;
    theirs.see(("@message.their", "Here?")).await;
    theirs.type_into("@composer-text", "Yes\u{E007}").await;
    ours.see(("@message.their", "Yes")).await;
    scene.client.chats().polls(&group).create(NewPoll::new(["Now", "Later"])).await.unwrap();
    ours.click(("@poll-option", "Later")).await;
    theirs.see(("@message[data-kind=poll]", "1 person voted")).await;
    theirs.see(("@poll-option[aria-pressed=false]", "Later")).await;
    theirs.click("@tab-faults").await;
    theirs.type_into("@fault-input", "*: 503\u{E007}").await;
    ours.see(("@tab-faults", "1")).await;
    browser.expect_no_complaints().await;
}

/// Starts a sandbox that another one may have been before.
async fn start_at(address: SocketAddr) -> Scene {
    let sandbox = Sandbox::builder().address(address).api_key("a-key").start().await.unwrap();
    let client = bot::client(&sandbox);
    Scene { sandbox, client }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_asks_for_the_key_says_that_the_connection_is_lost_and_comes_back() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = start_at(([127, 0, 0, 1], 0).into()).await;
    let address = scene.sandbox.address();
    let page = browser.open(&format!("http://{address}/")).await;
    page.type_into("@key-form-key", "wrong\u{E007}").await;
    page.see(("@key-form", "does not accept this key")).await;
    page.type_into("@key-form-key", "a-key\u{E007}").await;
    page.see_no("@key-form").await;
    scene.chat("Hello").await;
    page.see(("@chat-item", "Hello")).await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|complaint| complaint.contains("status of 401")), "{complaints:#?}");

    scene.sandbox.shutdown().await;
    page.see(("@banner", "Connection lost")).await;
    let scene = start_at(address).await;
    page.see_no("@banner").await;
    page.see_no(("@chat-item", "Hello")).await;
    scene.chat("Hello again").await;
    page.see(("@chat-item", "Hello again")).await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|complaint| complaint.contains("net::ERR_")), "{complaints:#?}");
}

//! Texts that try to be more than texts.

use linq::{resources::attachments::UploadFile, types::chats::UpdateChat};
use serde_json::json;

use super::{
    browser::Browser,
    scene::{CASEY, Scene},
};

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>";
const OVERRIDE: &str = "\u{202e}live";

/// Returns the texts with a bidi override that can change the order of what is next to them.
const NOT_ISOLATED: &str = "
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (texts.nextNode()) {
  if (!texts.currentNode.data.includes('\\u202e')) continue;
  const { parentElement: parent } = texts.currentNode;
  const { display, unicodeBidi } = getComputedStyle(parent);
  if (display === 'inline' && unicodeBidi !== 'isolate') found.push(parent.outerHTML);
}
return found;
";

#[tokio::test(flavor = "multi_thread")]
async fn markup_terminal_codes_and_bidi_overrides_are_shown_as_text() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.group("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    let casey = scene.sandbox.person(CASEY);
    for text in [MARKUP, "\u{1b}[31mred\u{7}", OVERRIDE] {
        casey.sends_into(&chat, text).unwrap();
        scene.send(&chat, text).await;
    }
    page.see(("@message.own @bubble", MARKUP)).await;
    page.see(("@message.their @bubble", MARKUP)).await;
    page.see(("@message.own @bubble", "\u{241b}[31mred\u{2407}")).await;
    page.see(("@message.their @bubble", "\u{241b}[31mred\u{2407}")).await;
    page.see(("@message.their @bubble", OVERRIDE)).await;
    page.see(("@chat-item", OVERRIDE)).await;

    let file = UploadFile::new(format!("{OVERRIDE}<b>.txt"), "text/plain", MARKUP.as_bytes().to_vec());
    let file = scene.client.attachments().upload_part(file).await.unwrap();
    scene.send(&chat, file).await;
    page.see(("@message[data-kind=file]", "<b>.txt")).await;
    for name in [MARKUP, OVERRIDE] {
        scene.client.chats().update(&chat, UpdateChat::new().display_name(name)).await.unwrap();
        page.see(("@chat-title", name)).await;
        page.see(("@note[data-note='chat.group_name_updated']", name)).await;
    }
    scene.client.chats().retrieve(MARKUP).await.unwrap_err();
    page.click(("@log-requests @log-row", "chats.create")).await;
    page.click(("@log-requests @log-row", "chats.update")).await;
    page.see(("@detail", "script")).await;

    assert_eq!(page.run(NOT_ISOLATED, json!([])).await, json!([]));
    assert_eq!(page.count("body script, #messages img, #messages b").await, 0);
    browser.expect_no_complaints().await;
}

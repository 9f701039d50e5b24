//! What one does in the page as the person.

use std::fs;

use linq::types::{
    blocked_handles::NewBlockedHandle,
    parts::PartResponse,
    payment_requests::{NewPaymentRequest, PaymentRequestStatus},
    polls::NewPoll,
};

use serde_json::json;

use super::{
    browser::Browser,
    page::Page,
    scene::{CASEY, PNG, ROBIN, Scene},
};

/// Opens the menu of the message with a text.
async fn open_menu(page: &Page<'_>, text: &str) {
    page.hover(("@message", text)).await;
    let script = "return [...document.querySelectorAll('[data-message]')].find((message) => message.textContent.includes(arguments[0])).dataset.message";
    let id = page.run(script, json!([text])).await;
    page.click(&format!("[data-message=\"{}\"] @more", id.as_str().unwrap())).await;
    page.see("@message-menu").await;
}

/// Chooses what to do besides writing.
async fn choose_action(page: &Page<'_>, name: &str) {
    page.click("@actions").await;
    page.click(&format!("@act-{name}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reacts_replies_edits_and_attaches() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("How was it?").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    open_menu(&page, "How was it?").await;
    page.click("@tapback-love").await;
    page.see("@message.their @reaction[data-reaction=love]").await;
    open_menu(&page, "How was it?").await;
    page.type_into("@emoji", "\u{2705}").await;
    page.click("@emoji-add").await;
    page.see(("@message.their @reaction[data-reaction=custom]", "\u{2705}")).await;
    // A person has one reaction to each part.
    page.see_no("@message.their @reaction[data-reaction=love]").await;
    let question = scene.sandbox.messages(&chat).remove(0);
    let PartResponse::Text(question) = &question.parts[0] else { panic!("{question:?}") };
    assert_eq!(question.reactions.len(), 1);
    open_menu(&page, "How was it?").await;
    page.click("@emoji-remove").await;
    page.see_no("@message.their @reaction").await;

    open_menu(&page, "How was it?").await;
    page.click("@menu-reply").await;
    page.see(("@context", "How was it?")).await;
    page.type_into("@composer-text", "Gret\u{E007}").await;
    page.see(("@message.own @quote", "How was it?")).await;
    open_menu(&page, "Gret").await;
    page.click("@menu-edit").await;
    page.fill("@composer-text", "Great").await;
    page.click("@send").await;
    page.see(("@message.own @bubble", "Great")).await;
    page.see("@message.own @edited").await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plate.png");
    fs::write(&file, PNG).unwrap();
    page.choose_file("@attach-input", &file).await;
    page.see(("@attached li", "plate.png")).await;
    page.type_into("@composer-text", "Look").await;
    page.click("@send").await;
    page.see("@message.own img[alt='plate.png']").await;
    page.see_no("@attached li").await;
    assert_eq!(scene.sandbox.messages(&chat).last().unwrap().parts.len(), 2);
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_votes_pays_shares_the_location_and_sends_a_contact_card_and_a_poll() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    scene.client.chats().polls(&chat).create(NewPoll::new(["Chocolate", "Lemon"])).await.unwrap();
    page.click(("@poll-option", "Lemon")).await;
    page.see(("@poll-option[aria-pressed=true]", "Lemon")).await;
    page.see(("@message[data-kind=poll]", "1 person voted")).await;
    page.click(("@poll-option[aria-pressed=true]", "Lemon")).await;
    page.see(("@message[data-kind=poll]", "0 people voted")).await;

    scene.sandbox.connect_payment_provider("stripe");
    let deposit = NewPaymentRequest::payment(2_500, "usd").description("Table deposit");
    let deposit = scene.client.payment_requests().create(deposit).await.unwrap();
    scene.send(&chat, format!("Please pay at {}.", deposit.checkout_url.unwrap())).await;
    page.click("@pay").await;
    page.see(("@payment", "Paid")).await;
    page.see_no("@pay").await;
    let paid = scene.client.payment_requests().retrieve(deposit.id).await.unwrap();
    assert_eq!(paid.status, Some(PaymentRequestStatus::Succeeded));

    choose_action(&page, "location").await;
    page.click("@location-form-submit").await;
    page.see(("@sharing", "1 Ferry Building")).await;
    page.click("@stop-sharing").await;
    page.see_no("@sharing").await;

    choose_action(&page, "contact").await;
    page.type_into("@contact-form-first_name", "Casey").await;
    page.click("@contact-form-submit").await;
    page.see(("@note[data-note='contact_card.received']", "Casey")).await;

    choose_action(&page, "poll").await;
    page.type_into("@poll-form-options", "Tea\u{E008}\u{E007}\u{E000}Coffee").await;
    page.click("@poll-form-submit").await;
    page.see(("@message.own[data-kind=poll]", "Coffee")).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_starts_names_and_leaves_a_group() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    scene.sandbox.person(CASEY).says("Hello").unwrap();
    let page = scene.open(&browser).await;

    page.click(("@person", CASEY)).await;
    page.click("@new-group").await;
    page.fill("@group-form-others", ROBIN).await;
    page.type_into("@group-form-text", "Lunch?").await;
    page.click("@group-form-submit").await;
    page.see(("@message.own @bubble", "Lunch?")).await;
    page.see(("@chat-title", ROBIN)).await;

    choose_action(&page, "rename").await;
    page.fill("@rename-form-name", "Lunch").await;
    page.click("@rename-form-submit").await;
    page.see(("@chat-title", "Lunch")).await;
    choose_action(&page, "add").await;
    page.type_into("@add-form-handle", "+12025550197").await;
    page.click("@add-form-submit").await;
    page.see(("@note[data-note='participant.added']", "+12025550197")).await;

    page.choose("@as", ROBIN).await;
    page.type_into("@composer-text", "In!\u{E007}").await;
    page.see(("@message.own @bubble", "In!")).await;
    page.see(("@message.their .sender", CASEY)).await;
    choose_action(&page, "leave").await;
    page.see(("@note[data-note='participant.removed']", ROBIN)).await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changes_the_service_becomes_unreachable_and_opts_out() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    page.click("@person-settings").await;
    page.choose_text("@settings-service", "SMS").await;
    page.type_into("@settings-unreachable", "4005").await;
    page.click("@settings-submit").await;
    page.see(("@person", "unreachable")).await;
    page.see(("@person", "SMS")).await;
    scene.send(&chat, "Anybody?").await;
    page.see("@failure[data-code='4005']").await;

    page.click("@person-settings").await;
    page.click("@settings-opt-out").await;
    page.see(("@message.own @bubble", "STOP")).await;
    page.see(("@person", "opted out")).await;
    let refused = scene.client.chats().messages(&chat).send("Still there?").await.unwrap_err();
    assert!(refused.to_string().contains("2024"), "{refused}");
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_action_says_why_and_the_draft_stays() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    scene.client.blocked_handles().block(NewBlockedHandle::new(CASEY)).await.unwrap();
    page.type_into("@composer-text", "Hi\u{E007}").await;
    page.see(("@toast", "block list")).await;
    let kept = "return document.querySelector('#text').value";
    page.until("the draft is back", async || (page.run(kept, json!([])).await == "Hi").then_some(())).await;
    let complaints = browser.complaints().await;
    let refused =
        |complaint: &String| complaint.contains("/sandbox/people/") && complaint.contains("status of 403");
    assert!(complaints.iter().all(refused), "{complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() {
    const ESCAPE: &str = "\u{E00C}";
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("First").await;
    scene.send(&chat, "Second").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    // Up to the first message, and its menu.
    page.type_into(("@message", "Second"), "\u{E013}\u{E007}").await;
    page.see("@message-menu").await;
    page.type_into("@tapback-like", "\u{E007}").await;
    page.see("@message[data-kind=text]:first-child @reaction[data-reaction=like]").await;
    page.type_into(("@message", "First"), "\u{E007}").await;
    page.type_into("@menu-reply", "\u{E007}").await;
    page.see("@context").await;
    page.type_into("@composer-text", ESCAPE).await;
    page.see_no("@context").await;
    page.type_into("@tab-requests", "\u{E014}").await;
    page.see("@tab-webhooks[aria-selected=true]").await;
    page.type_into("@tab-webhooks", "\u{E012}").await;
    page.type_into("[role=listbox]", "\u{E015}\u{E007}").await;
    page.see("@detail").await;
    browser.expect_no_complaints().await;
}

//! What the line and people send, as the page shows it.

use linq::{
    prelude::*,
    resources::attachments::UploadFile,
    sandbox::Location,
    types::{
        chats::{NewVoiceMemo, UpdateChat},
        contact_card::NewContactCard,
        error::ErrorCode,
        messages::UpdateMessage,
        parts::{IMessageApp, IMessageAppLayout, IMessageAppPart, TextAnimation, TextPart, TextStyle},
        payment_requests::NewPaymentRequest,
        polls::NewPoll,
        reactions::ReactionType,
    },
};
use serde_json::json;

use super::{
    browser::Browser,
    page::Page,
    scene::{CASEY, PNG, ROBIN, Scene, wav},
};

async fn expect(page: &Page<'_>, shown: &[(&str, &str)]) {
    for at in shown {
        page.see(*at).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_message_of_the_line_is_shown() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("First").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    let upload = async |name: &str, content_type: &str, bytes: Vec<u8>| {
        scene.client.attachments().upload_part(UploadFile::new(name, content_type, bytes)).await.unwrap()
    };

    let decorated = TextPart::new("Bold and shaky, see http://example.com/a.")
        .style_substring("Bold", TextStyle::Bold)
        .animation_substring("shaky", TextAnimation::Shake);
    scene.send(&chat, decorated).await;
    scene.send(&chat, Part::link("https://example.com/menu")).await;
    let picture = upload("cake.png", "image/png", PNG.to_vec()).await;
    scene.send(&chat, picture).await;
    let bill = upload("bill.txt", "text/plain", b"Two coffees".to_vec()).await;
    scene.send(&chat, bill).await;
    let memo = UploadFile::new("hello.wav", "audio/wav", wav());
    let memo = scene.client.attachments().upload(memo).await.unwrap().attachment_id;
    scene.client.chats().send_voicememo(&chat, NewVoiceMemo::from_attachment(memo)).await.unwrap();
    let question = scene.sandbox.person(CASEY).says("Which cake?").unwrap().message_id;
    scene.send(&chat, MessageContent::from("The best one").reply_to(question)).await;
    let wrong = scene.send(&chat, "We open at ten").await;
    scene.client.messages().delivery(&wrong).await.unwrap();
    scene.client.messages().update(&wrong, UpdateMessage::new("We open at nine")).await.unwrap();
    scene.send(&chat, MessageContent::from("Pew").effect(Effect::LASERS)).await;
    scene.client.chats().polls(&chat).create(NewPoll::new(["Chocolate", "Lemon"])).await.unwrap();
    let app = IMessageApp::new("com.example.cakes", "Cakes", "ABCDE12345");
    let layout = IMessageAppLayout::new().caption("Chocolate cake").trailing_caption("2 left");
    scene.send(&chat, IMessageAppPart::new(app, layout)).await;

    expect(
        &page,
        &[
            ("@message.their.imessage[data-kind=text] @bubble", "First"),
            ("@bubble .style-bold", "Bold"),
            ("@bubble .animated-shake", "shaky"),
            (
                "@message[data-kind=text] a[href='http://example.com/a'][rel='noreferrer noopener']",
                "example.com/a",
            ),
            (
                "@message[data-kind=link] a[href='https://example.com/menu'][target=_blank]",
                "example.com/menu",
            ),
            ("@message[data-kind=image] img[alt='cake.png']", ""),
            ("@message[data-kind=audio] audio[controls]", ""),
            ("@message[data-kind=file] a[download='bill.txt']", "bill.txt"),
            ("@message @quote", "Which cake?"),
            ("@message @edited", "Edited"),
            ("@message @bubble", "We open at nine"),
            ("@message @effect", "sent with Lasers"),
            ("@message[data-kind=poll] @poll-option", "Lemon"),
            ("@message[data-kind=app] @bubble", "Chocolate cake"),
            ("@message[data-kind=app] @bubble", "2 left"),
        ],
    )
    .await;
    page.see_no(("@bubble", "We open at ten")).await;
    for loaded in [
        "document.querySelector('#messages img').naturalWidth > 0",
        "document.querySelector('#messages audio').readyState > 0",
    ] {
        let script = format!("return {loaded}");
        page.until(loaded, async || page.run(&script, json!([])).await.as_bool()?.then_some(())).await;
    }
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_payments_and_contacts_of_the_line_are_shown() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("First").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;

    let sticker =
        scene.client.attachments().upload(UploadFile::new("star.png", "image/png", PNG)).await.unwrap();
    let reactions: [Reaction; 3] =
        [ReactionType::Love.into(), Reaction::emoji("🎉"), Reaction::sticker(sticker.attachment_id)];
    for reaction in reactions {
        // A line has one tapback for each message.
        let said = scene.sandbox.person(CASEY).says("Nice").unwrap().message_id;
        scene.client.messages().add_reaction(&said, reaction).await.unwrap();
    }
    scene.sandbox.connect_payment_provider("stripe");
    let deposit = NewPaymentRequest::payment(2_500, "usd").description("Table deposit");
    let deposit = scene.client.payment_requests().create(deposit).await.unwrap();
    scene.send(&chat, Part::link(deposit.checkout_url.unwrap())).await;
    scene.sandbox.person(CASEY).sends_contact_card("Casey", "Jones", None).unwrap();
    let card = NewContactCard::new(scene.sandbox.phone_number().clone(), "Bakery");
    scene.client.contact_card().create(card).await.unwrap();
    scene.client.chats().share_contact_card(&chat).await.unwrap();
    scene.client.chats().location(&chat).request().await.unwrap();
    let ferry = Location::new(37.7955, -122.3937).address("1 Ferry Building").locality("San Francisco");
    scene.sandbox.person(CASEY).shares_location(&chat, ferry).unwrap();

    expect(
        &page,
        &[
            ("@message.own @reaction[data-reaction=love].of-line", ""),
            ("@message.own @reaction[data-reaction=custom]", "🎉"),
            ("@message.own @reaction[data-reaction=sticker] img", ""),
            ("@payment", "$25.00"),
            ("@payment", "Table deposit"),
            ("@payment @pay", "Pay"),
            ("@note[data-note='contact_card.received']", "Casey Jones"),
            ("@note[data-note='contact_card.shared']", "shared its contact card"),
            ("@note[data-note='location.requested']", "asks for your location"),
            ("@note[data-note='location.sharing.started']", CASEY),
            ("@sharing", "1 Ferry Building, San Francisco"),
        ],
    )
    .await;
    scene.sandbox.person(CASEY).stops_sharing_location(&chat).unwrap();
    page.see_no("@sharing").await;
    page.see("@note[data-note='location.sharing.stopped']").await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_group_is_shown() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let dana = "+12025550197";
    let chat = scene.group("Hello, all").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    page.see(("@chat-title", ROBIN)).await;

    let mention = TextPart::new("Robin, yours?").mention_substring("Robin", ROBIN);
    scene.send(&chat, mention).await;
    scene.sandbox.person(ROBIN).sends_into(&chat, "Mine").unwrap();
    let update = UpdateChat::new().display_name("Crew").group_chat_icon("https://example.com/icon.png");
    scene.client.chats().update(&chat, update).await.unwrap();
    scene.sandbox.person(CASEY).adds(&chat, dana).unwrap();
    scene.sandbox.person(ROBIN).leaves(&chat).unwrap();
    expect(
        &page,
        &[
            ("@message .sender", scene.sandbox.phone_number().as_str()),
            ("@message .sender", ROBIN),
            ("@bubble .mention", "Robin"),
            ("@note[data-note='chat.group_name_updated']", "named the group Crew"),
            ("@note[data-note='chat.group_icon_updated']", "changed the picture"),
            ("@note[data-note='participant.added']", dana),
            ("@note[data-note='participant.removed']", ROBIN),
            ("@chat-title", "Crew"),
            ("@chat-item", "Crew"),
        ],
    )
    .await;

    scene.sandbox.fail_next_update(&chat, ErrorCode::INTERNAL_ERROR).unwrap();
    scene.client.chats().update(&chat, UpdateChat::new().display_name("Team")).await.unwrap();
    page.see("@note[data-note='chat.group_name_update_failed'] @failure").await;
    browser.expect_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_have_colors_and_failures_have_codes() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let sms = scene.sandbox.person(ROBIN).on(linq::types::Service::Sms).says("By SMS").unwrap().chat_id;
    let chat = scene.chat("First").await;
    let page = scene.open_chat(&browser, &sms, ROBIN).await;
    page.see(("@message.own.sms", "By SMS")).await;
    let green = page.color("@message.own.sms @bubble").await;

    page.click(&format!("@person[data-person=\"{CASEY}\"]")).await;
    scene.sandbox.person(CASEY).says("By iMessage").unwrap();
    page.see(("@message.own.imessage", "By iMessage")).await;
    assert_ne!(page.color("@message.own.imessage @bubble").await, green);

    scene.sandbox.person(CASEY).unreachable(ErrorCode::from(4001));
    scene.send(&chat, "Anybody?").await;
    page.see(("@message @failure[data-code='4001']", "4001: the message could not be delivered")).await;
    page.see(("@person", "unreachable")).await;
    browser.expect_no_complaints().await;
}

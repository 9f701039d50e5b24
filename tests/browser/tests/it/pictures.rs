//! The pictures in the documentation.

use std::{env, fs, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use linq::{
    prelude::*,
    resources::attachments::UploadFile,
    sandbox::Sandbox,
    types::{
        Service,
        chats::UpdateChat,
        parts::{TextPart, TextStyle},
        payment_requests::NewPaymentRequest,
        polls::NewPoll,
        reactions::ReactionType,
    },
};
use serde_json::json;

use super::{
    bot::{self, Bot},
    browser::Browser,
    page::Page,
    scene::{CASEY, ROBIN, Scene},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images");
const MAX_BYTES: usize = 200_000;

/// The pictures, with the color scheme and the size of the screen.
const PICTURES: [(&str, &str, (u32, u32)); 3] = [
    ("sandbox-light.png", "light", (1_400, 900)),
    ("sandbox-dark.png", "dark", (1_400, 900)),
    ("sandbox-phone.png", "light", (390, 844)),
];

/// Draws a cake, and returns it as PNG.
const CAKE: &str = "
const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 320 });
const context = canvas.getContext('2d');
const rectangle = (color, x, y, width, height, radius) => {
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
};
rectangle('#f6d7c3', 0, 0, 480, 320, 0);
rectangle('#fffaf3', 60, 250, 360, 26, 13);
rectangle('#7a4a2b', 110, 130, 260, 120, 14);
rectangle('#fff1d6', 110, 180, 260, 16, 0);
rectangle('#ffd84d', 104, 110, 272, 40, 18);
for (const x of [150, 200, 250, 300]) rectangle('#ffd84d', x, 130, 22, 46, 11);
for (const x of [150, 195, 240, 285, 330]) {
  context.fillStyle = '#d8334a';
  context.beginPath();
  context.arc(x, 100, 15, 0, 7);
  context.fill();
}
return canvas.toDataURL('image/png').split(',')[1];
";

#[tokio::test(flavor = "multi_thread")]
async fn the_pictures_in_the_documentation_are_there() {
    if env::var_os("UPDATE_DOCS").is_some() {
        let Some(browser) = Browser::turn().await else { return };
        take(&browser).await;
    }
    for (name, ..) in PICTURES {
        let picture = fs::read(Path::new(FOLDER).join(name));
        let picture = picture.unwrap_or_else(|error| panic!("{name}: {error}; take it with UPDATE_DOCS=1"));
        assert!(
            picture.starts_with(b"\x89PNG") && picture.len() < MAX_BYTES,
            "{name}: {} bytes",
            picture.len()
        );
    }
}

async fn take(browser: &Browser) {
    let sandbox =
        Sandbox::builder().starts_at("2026-12-05T09:41:00Z".parse().unwrap()).seed(7).start().await.unwrap();
    let client = bot::client(&sandbox);
    let scene = Scene { sandbox, client };
    let chat = scene.chat("Good morning! This is the Corner Bakery.").await;
    let page = scene.open_chat(browser, &chat, CASEY).await;
    play(&scene, &chat, &page).await;
    fs::create_dir_all(FOLDER).unwrap();
    for (name, scheme, (width, height)) in PICTURES {
        page.prefer(scheme).await;
        page.resize(width, height).await;
        page.picture(&Path::new(FOLDER).join(name)).await;
    }
}

/// Holds a conversation.
async fn play(scene: &Scene, chat: &ChatId, page: &Page<'_>) {
    let (casey, robin) = (scene.sandbox.person(CASEY), scene.sandbox.person(ROBIN));
    let cake = page.run(CAKE, json!([])).await;
    let cake = BASE64_STANDARD.decode(cake.as_str().unwrap()).unwrap();
    let cake =
        scene.client.attachments().upload_part(UploadFile::new("lemon-cake.png", "image/png", cake)).await;

    scene.sandbox.person("+12025550142").on(Service::Sms).says("Do you have bread left?").unwrap();
    let group = scene.group("Your order for Saturday is ready.").await;
    scene.client.chats().update(&group, UpdateChat::new().display_name("Saturday brunch")).await.unwrap();
    robin.sends_into(&group, "On my way").unwrap();

    let _bot = Bot::start(&scene.sandbox);
    let asked = casey.says("What is the cake of the day?").unwrap().message_id;
    page.see(("@message.their", "You wrote: What is")).await;
    scene.client.messages().add_reaction(&asked, ReactionType::Question).await.unwrap();
    scene.send(chat, MessageContent::new([cake.unwrap()])).await;
    let lemon = TextPart::new("Lemon, with raspberries. Fresh from the oven!")
        .style_substring("Fresh", TextStyle::Bold);
    let lemon = scene.send(chat, MessageContent::from(lemon).reply_to(asked)).await;
    scene.client.messages().delivery(&lemon).await.unwrap();
    casey.reacts(&lemon, ReactionType::Love).unwrap();
    let poll = scene
        .client
        .chats()
        .polls(chat)
        .create(NewPoll::new(["Pick it up", "Have it delivered"]))
        .await
        .unwrap();
    casey.votes(&poll.message_id, poll.poll.options[0].option_id.clone()).unwrap();
    scene.sandbox.connect_payment_provider("stripe");
    let price = NewPaymentRequest::payment(2_400, "usd").description("Lemon cake");
    let price = scene.client.payment_requests().create(price).await.unwrap();
    scene.send(chat, Part::link(price.checkout_url.unwrap())).await;
    scene.sandbox.inject_fault("chats.messages.send: 503 x1".parse().unwrap()).unwrap();
    scene.send(chat, MessageContent::from("See you soon").effect(Effect::CONFETTI)).await;
    page.see(("@message", "See you soon")).await;
    page.see("@status[data-status=read]").await;
    let still = "return document.querySelector('#overlay').childElementCount === 0 && [...document.images].every((image) => image.complete)";
    page.until("nothing moves", async || page.run(still, json!([])).await.as_bool()?.then_some(())).await;
}

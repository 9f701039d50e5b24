//! Long conversations and long logs.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    browser::Browser,
    scene::{CASEY, Scene},
};

const REQUESTS: usize = 10_000;
const MESSAGES: usize = 1_000;

/// Makes many requests, one after the other on one connection.
async fn make_requests(scene: &Scene) {
    let address = scene.sandbox.address();
    let authorization = format!("host: {address}\r\nauthorization: Bearer {}\r\n", scene.sandbox.api_key());
    let request = format!("GET /api/partner/v3/phone_numbers HTTP/1.1\r\n{authorization}\r\n");
    let last =
        format!("GET /api/partner/v3/phone_numbers HTTP/1.1\r\nconnection: close\r\n{authorization}\r\n");
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let writing = tokio::spawn(async move {
        writer.write_all((request.repeat(REQUESTS - 1) + &last).as_bytes()).await.unwrap();
        writer
    });
    let mut responses = Vec::new();
    reader.read_to_end(&mut responses).await.unwrap();
    drop(writing.await.unwrap());
    let responses = String::from_utf8(responses).unwrap();
    assert_eq!(responses.matches("HTTP/1.1 200 OK").count(), REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_messages_and_requests_leave_the_page_small_and_quick() {
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let chat = scene.chat("Hello").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    let casey = scene.sandbox.person(CASEY);
    for number in 0..MESSAGES {
        casey.says(format!("Message {number}")).unwrap();
    }
    make_requests(&scene).await;

    page.see(("@message @bubble", &*format!("Message {}", MESSAGES - 1))).await;
    let count = async || page.text("@log-count").await.parse::<usize>().is_ok_and(|count| count == REQUESTS);
    page.until("all requests are counted", async || count().await.then_some(())).await;
    assert!(page.count("@log-row").await < 200);
    assert!(page.count("@message").await <= 1_000);

    // Both are at their ends, and stay there.
    page.type_into("@composer-text", "The last\u{E007}").await;
    page.see(("@message.own @bubble", "The last")).await;
    scene.client.chats().retrieve(&chat).await.unwrap();
    page.see(("@log-requests @log-row", "chats.retrieve")).await;
    let in_sight = "
        const { top, bottom } = [...document.querySelectorAll('[data-message]')].at(-1).getBoundingClientRect();
        const box = document.querySelector('#scroll').getBoundingClientRect();
        return top < box.bottom && bottom > box.top && bottom <= box.bottom + 1;
    ";
    page.until("the last message is in sight", async || {
        page.run(in_sight, json!([])).await.as_bool()?.then_some(())
    })
    .await;
    browser.expect_no_complaints().await;
}

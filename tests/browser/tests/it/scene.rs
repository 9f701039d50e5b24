//! Where a test begins: a sandbox, its page in a window, and a client of the API.

use linq::{prelude::*, sandbox::Sandbox};

use super::{bot, browser::Browser, page::Page};

pub(super) const CASEY: &str = "+12025550199";
pub(super) const ROBIN: &str = "+12025550198";

/// A picture of one pixel.
pub(super) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x68,
    0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60,
    0x82,
];

/// Returns an audio file with a tenth of a second of silence.
pub(super) fn wav() -> Vec<u8> {
    const RATE: u32 = 8_000;
    let samples = RATE / 10;
    let mut file = Vec::from(*b"RIFF");
    file.extend((36 + samples).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    // One byte, of eight bits, for a sample.
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(samples.to_le_bytes());
    file.resize(file.len() + samples as usize, 128);
    file
}

/// A sandbox with a client.
pub(super) struct Scene {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
}

impl Scene {
    pub(super) async fn start() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let client = bot::client(&sandbox);
        Self { sandbox, client }
    }

    /// Opens the page in a window of its own.
    pub(super) async fn open<'a>(&self, browser: &'a Browser) -> Page<'a> {
        browser.open(self.sandbox.page_url()).await
    }

    /// Opens the page at a chat, as somebody in it.
    pub(super) async fn open_chat<'a>(&self, browser: &'a Browser, chat: &ChatId, who: &str) -> Page<'a> {
        let who = who.replace('+', "%2B");
        let page = browser.open(&format!("{}&chat={chat}&as={who}", self.sandbox.page_url())).await;
        page.see("@composer").await;
        page
    }

    /// Starts a chat with Casey.
    pub(super) async fn chat(&self, text: &str) -> ChatId {
        let chat = NewChat::new(self.sandbox.phone_number(), [CASEY], text);
        self.client.chats().create(chat).await.unwrap().chat.id
    }

    /// Starts a group with Casey and Robin.
    pub(super) async fn group(&self, text: &str) -> ChatId {
        let chat = NewChat::new(self.sandbox.phone_number(), [CASEY, ROBIN], text);
        self.client.chats().create(chat).await.unwrap().chat.id
    }

    /// Sends a message into a chat.
    pub(super) async fn send(&self, chat: &ChatId, message: impl Into<MessageContent>) -> MessageId {
        self.client.chats().messages(chat).send(message.into()).await.unwrap().message.id
    }
}

use linq_core::{Client, types::ChatId};

fn send(client: &Client, chat: &ChatId) {
    client.chats().messages(chat).send("Hello!").call().unwrap();
}

fn main() {}

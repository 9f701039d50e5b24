use linq_core::{Client, types::ChatId};

fn stream(client: &Client, chat: &ChatId) {
    let stream = client.chats().messages(chat).list().items().into_stream();
}

fn main() {}

//! Sends one message with the custom backend: `linq-example-custom-backend FROM TO TEXT`.

use anyhow::{Context, Result};
use linq::{Client, types::chats::NewChat};
use linq_example_custom_backend::SmolBackend;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("usage: linq-example-custom-backend FROM TO TEXT");
    let (from, to, text) = (next()?, next()?, next()?);

    let client = Client::from_env(SmolBackend::new())?;
    let chat = smol::block_on(client.chats().create(NewChat::new(from, [to], text)).into_future())?.chat;
    println!("{} [{}]", chat.id, chat.message.delivery_status);
    Ok(())
}

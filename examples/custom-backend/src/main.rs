//! Sends one message with the custom backend: `linq-example-custom-backend FROM TO < TEXT`. The text is read from standard
//! input, because other users of the machine can see arguments.

use std::io;

use anyhow::{Context, Result};
use linq::{
    Client,
    types::{chats::NewChat, escape, messages::DeliveryStatus},
};
use linq_example_custom_backend::SmolBackend;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("usage: linq-example-custom-backend FROM TO < TEXT");
    let (from, to) = (next()?, next()?);
    let text = io::read_to_string(io::stdin())?;

    let client = Client::from_env(SmolBackend::new())?;
    let chat = smol::block_on(client.chats().create(NewChat::new(from, [to], text)).into_future())?.chat;
    let status = chat.message.delivery_status.as_ref().map_or("accepted", DeliveryStatus::as_str);
    println!("{} [{}]", escape(chat.id), escape(status));
    Ok(())
}

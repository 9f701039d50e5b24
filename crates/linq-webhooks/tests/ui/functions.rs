use std::{cell::Cell, future::ready, rc::Rc, sync::Arc};

use linq_macros::linq_handler;
use linq_webhooks::events::MessageReceived;

struct BotError;

#[linq_handler]
async fn not_an_event(_text: String) {}

#[linq_handler]
fn returns_a_number(_message: MessageReceived) -> u32 {
    7
}

#[linq_handler]
async fn fails_with_something_else(_message: MessageReceived) -> Result<(), BotError> {
    Err(BotError)
}

#[linq_handler]
async fn not_send(_message: MessageReceived) {
    let count = Rc::new(1);
    ready(()).await;
    drop(count);
}

#[linq_handler]
async fn state_that_cannot_be_shared(_message: MessageReceived, _state: Arc<Cell<u8>>) {}

#[linq_handler]
fn state_that_cannot_be_cloned(_message: MessageReceived, _state: BotError) {}

fn main() {}

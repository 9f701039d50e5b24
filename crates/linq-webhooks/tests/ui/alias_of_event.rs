use linq_macros::linq_handler;
use linq_webhooks::events::{Event, MessageReceived};

type Anything = Event;

struct Bot;

#[linq_handler]
impl Bot {
    #[on]
    async fn rest(&self, _event: Anything) {}

    #[on]
    async fn reply(&self, _message: MessageReceived) {}
}

fn main() {}

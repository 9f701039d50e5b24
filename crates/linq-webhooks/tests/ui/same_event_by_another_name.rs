use linq_macros::linq_handler;
use linq_webhooks::events::{self, Event, InboundMessage, MessageReceived};

type Received = Event<MessageReceived>;

struct Bot;

#[linq_handler]
impl Bot {
    #[on]
    async fn reply(&self, _message: MessageReceived) {}

    #[on]
    async fn count(&self, _event: Received) {}
}

struct Other;

#[linq_handler]
impl Other {
    #[on]
    fn reply(&self, _message: MessageReceived) {}

    #[on]
    fn count(&self, _event: Event<events::MessageReceived>) {}
}

struct BothFormats;

#[linq_handler]
impl BothFormats {
    #[on]
    fn reply(&self, _message: InboundMessage) {}

    #[on]
    fn count(&self, _event: MessageReceived) {}
}

fn main() {}

use linq_webhooks::{
    events::{Event, MessageReceived},
    linq_handler,
};

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

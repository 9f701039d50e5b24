use linq_macros::linq_handler;
use linq_webhooks::events::MessageReceived;

struct Bot;

/// Not the one of the crate.
struct EventKeys;

#[linq_handler]
impl Bot {
    #[on]
    async fn reply(&self, _message: MessageReceived, _keys: EventKeys) {}
}

#[linq_handler]
async fn reply(_message: MessageReceived, _keys: EventKeys) {}

fn main() {}

use linq_macros::linq_handler;
use linq_webhooks::events::MessageReceived;

struct Bot;

#[linq_handler]
impl Bot {
    #[on]
    async fn count(&self, _message: MessageReceived) -> u32 {
        7
    }
}

fn main() {}

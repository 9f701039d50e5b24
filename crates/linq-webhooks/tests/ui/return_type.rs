use linq_webhooks::{events::MessageReceived, linq_handler};

struct Bot;

#[linq_handler]
impl Bot {
    #[on]
    async fn count(&self, _message: MessageReceived) -> u32 {
        7
    }
}

fn main() {}

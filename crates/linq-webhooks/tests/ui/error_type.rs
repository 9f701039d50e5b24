use linq_webhooks::{events::MessageReceived, linq_handler};

struct Bot;
struct BotError;

#[linq_handler(error = BotError)]
impl Bot {
    #[on]
    async fn save(&self, _message: MessageReceived) -> Result<(), std::io::Error> {
        Ok(())
    }
}

fn main() {}

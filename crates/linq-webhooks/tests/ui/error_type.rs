use linq_macros::linq_handler;
use linq_webhooks::events::MessageReceived;

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

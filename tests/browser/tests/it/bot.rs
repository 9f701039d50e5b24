//! A bot written with the SDK that answers what people write.

use linq::{ReqwestBackend, prelude::*, sandbox::Sandbox};
use tokio::task::JoinHandle;

/// Repeats what people write.
#[derive(Debug)]
struct Echo {
    client: Client,
}

#[linq_handler(error = linq::Error)]
impl Echo {
    #[on]
    async fn answer(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        let answer = format!("You wrote: {}", message.text());
        let chat = self.client.chats().messages(&message.chat.id);
        chat.send(answer).idempotency_key(keys.key("answer")).await?;
        Ok(())
    }
}

/// A running bot. Dropping it stops it.
#[derive(Debug)]
pub(super) struct Bot(JoinHandle<()>);

impl Bot {
    /// Starts a bot that a sandbox delivers its webhooks to.
    pub(super) fn start(sandbox: &Sandbox) -> Self {
        let receiver = Receiver::new(sandbox.verifier(), Echo { client: client(sandbox) });
        Self(tokio::spawn(sandbox.deliver_to(receiver)))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Returns a client of a sandbox.
pub(super) fn client(sandbox: &Sandbox) -> Client {
    sandbox.client(ReqwestBackend::new().unwrap()).unwrap()
}

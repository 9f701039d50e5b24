//! A bot written with the SDK that answers what people write.

use axum::Router;
use linq::{ReqwestBackend, prelude::*, sandbox::Sandbox};
use tokio::{net::TcpListener, task::JoinHandle};

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
pub(super) struct Bot {
    server: JoinHandle<()>,
}

impl Bot {
    /// Starts a bot that a sandbox delivers its webhooks to.
    pub(super) async fn start(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let secret = sandbox.subscribe(format!("http://{address}/")).unwrap();
        let echo = Echo { client: client(sandbox) };
        let receiver = Receiver::new(Verifier::new(secret).unwrap(), echo).clock(sandbox.clock());
        let router = Router::new().fallback_service(receiver.into_service());
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { server }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Returns a client of a sandbox.
pub(super) fn client(sandbox: &Sandbox) -> Client {
    let backend = ReqwestBackend::new().unwrap();
    Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build(backend).unwrap()
}

//! A bot on smol. A plain blocking server takes the webhooks on smol's thread pool, the executor runs the handler,
//! and the answers go out through ureq. There is no tokio in it.
//!
//! It takes LINQ_API_V3_API_KEY and LINQ_API_V3_BASE_URL from the environment, and LINQ_WEBHOOK_URL, the address under
//! which the service reaches this program; without that it names its own port, which only a sandbox on this machine can
//! reach.

use std::{
    io::{self, Read as _},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow};
use http::{HeaderMap, HeaderName, HeaderValue};
use linq::{
    Client, Unblock, UreqBackend,
    types::{events::MessageReceived, webhook_subscriptions::NewWebhookSubscription},
    webhooks::{EventHandler, Receiver, Verifier, linq_handler},
};
use smol::Executor;
use tiny_http::{Request, Response, Server};

const LARGEST_BODY: u64 = 1024 * 1024;

struct Bot {
    linq: Client,
}

#[linq_handler(error = linq::Error)]
impl Bot {
    #[on]
    async fn answer(&self, message: MessageReceived) -> Result<(), linq::Error> {
        println!("{}", message.text());
        let answer = format!("You wrote: {}", message.text());
        self.linq.chats().messages(&message.chat.id).send(answer).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let executor = Arc::new(Executor::new());
    smol::block_on(executor.run(serve(Arc::clone(&executor))))
}

async fn serve(executor: Arc<Executor<'static>>) -> Result<()> {
    let linq = Client::from_env(Unblock::new(UreqBackend::new()))?;
    let server =
        Arc::new(Server::http("127.0.0.1:0").map_err(|error| anyhow!("no port for webhooks: {error}"))?);
    let here = format!("http://{}", server.server_addr());
    let target = std::env::var("LINQ_WEBHOOK_URL").unwrap_or(here);

    let bot = Bot { linq: linq.clone() };
    let subscription = NewWebhookSubscription::new(&target, bot.subscribed_events());
    let subscribed = linq.webhook_subscriptions().create(subscription).await?;
    let verifier = Verifier::new(subscribed.signing_secret)?;
    let receiver = Arc::new(Receiver::new(verifier, bot));
    println!("events come to {target}");

    loop {
        let waiting = Arc::clone(&server);
        let request = smol::unblock(move || waiting.recv()).await.context("the server stopped")?;
        let receiver = Arc::clone(&receiver);
        executor.spawn(async move { answer(&receiver, request).await }).detach();
    }
}

async fn answer(receiver: &Receiver<Bot>, request: Request) {
    // Whoever posts slowly keeps a thread waiting, and not the executor.
    let Ok((request, body)) = smol::unblock(move || read(request)).await else { return };
    let status = match receiver.receive(&headers(&request), body).await {
        Ok(outcome) => outcome.status(),
        Err(error) => {
            eprintln!("{error}");
            error.status()
        }
    };
    request.respond(Response::empty(status.as_u16())).ok();
}

fn read(mut request: Request) -> io::Result<(Request, Vec<u8>)> {
    let mut body = Vec::new();
    request.as_reader().take(LARGEST_BODY + 1).read_to_end(&mut body)?;
    Ok((request, body))
}

fn headers(request: &Request) -> HeaderMap {
    let pairs = request.headers().iter().filter_map(|header| {
        let name: HeaderName = header.field.as_str().as_str().parse().ok()?;
        Some((name, HeaderValue::from_str(header.value.as_str()).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, value);
    }
    headers
}

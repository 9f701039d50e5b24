//! A bot on smol, without tokio. A blocking server receives the webhooks on smol's thread pool, the executor runs the
//! handler, and ureq sends the replies.
//!
//! It reads `LINQ_API_V3_API_KEY`, `LINQ_API_V3_BASE_URL` and `LINQ_WEBHOOK_URL`, the URL at which the API reaches this
//! program. Without the latter it subscribes its local address, which only a sandbox on this machine can reach. It serves until
//! Ctrl-C, SIGTERM or SIGHUP, and then finishes the deliveries that it has received.

use std::{
    io::{self, Read as _},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use http::{HeaderMap, HeaderName, HeaderValue};
use linq::{
    Unblock, UreqBackend,
    prelude::*,
    types::{escape, webhook_subscriptions::NewWebhookSubscription},
    webhooks::EventHandler,
};
use smol::{Executor, Task, Timer, channel, future};
use tiny_http::{Request, Response, Server};

const MAX_BODY_BYTES: u64 = 1024 * 1024;
/// The timeout of deliveries in progress at the end, so that a client that stalls does not prevent it.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

struct Bot {
    linq: Client,
}

#[linq_handler(error = linq::Error)]
impl Bot {
    #[on]
    async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        println!("{}", escape(message.text()));
        let reply = format!("You wrote: {}", message.text());
        let reply = self.linq.chats().messages(&message.chat.id).send(reply);
        // The API executes the send once for each event, however often the event is delivered.
        reply.idempotency_key(keys.key("reply")).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let executor = Arc::new(Executor::new());
    smol::block_on(executor.run(serve(Arc::clone(&executor))))
}

async fn serve(executor: Arc<Executor<'static>>) -> Result<()> {
    let shutdown = shutdown_signal()?;
    let linq = Client::from_env(Unblock::new(UreqBackend::new()))?;
    let server = Arc::new(
        Server::http("127.0.0.1:0")
            .map_err(|error| anyhow!("could not open a port for webhooks: {error}"))?,
    );
    let here = format!("http://{}", server.server_addr());
    let target = std::env::var("LINQ_WEBHOOK_URL").unwrap_or(here);

    let bot = Bot { linq: linq.clone() };
    let subscription = NewWebhookSubscription::new(&target, bot.subscribed_events());
    let subscribed = linq.webhook_subscriptions().create(subscription).await?;
    let verifier = Verifier::new(subscribed.signing_secret)?;
    let receiver = Receiver::new(verifier, bot).on_error(|error| eprintln!("{}", escape(error)));
    println!("receives events at {target}");

    let mut deliveries: Vec<Task<()>> = Vec::new();
    loop {
        let waiting = Arc::clone(&server);
        let request = smol::unblock(move || waiting.recv());
        let end = async {
            shutdown.recv().await.ok();
            None
        };
        let Some(request) = future::or(async { Some(request.await) }, end).await else { break };
        let (receiver, request) = (receiver.clone(), request.context("the server failed")?);
        deliveries.retain(|delivery| !delivery.is_finished());
        deliveries.push(executor.spawn(async move { respond(&receiver, request).await }));
    }
    let finish = async {
        for delivery in deliveries {
            delivery.await;
        }
    };
    future::or(finish, async {
        Timer::after(GRACE_PERIOD).await;
    })
    .await;
    println!("shut down");
    Ok(())
}

/// Returns a channel that receives a message at Ctrl-C, SIGTERM or SIGHUP.
fn shutdown_signal() -> Result<channel::Receiver<()>> {
    let (sender, receiver) = channel::bounded(1);
    ctrlc::set_handler(move || {
        let _ = sender.try_send(());
    })?;
    Ok(receiver)
}

async fn respond(receiver: &Receiver<Bot>, request: Request) {
    let headers = headers(&request);
    let response = match receiver.reject_early(&headers) {
        Some(response) => (request, response),
        None => {
            // A slow client blocks a thread of the pool, not the executor. tiny_http has no timeouts: in production, put a
            // proxy that has them in front of it.
            let Ok((request, body)) = smol::unblock(move || read(request)).await else { return };
            let mut delivery = http::Request::new(body.into());
            *delivery.headers_mut() = headers;
            (request, receiver.respond(delivery).await)
        }
    };
    smol::unblock(move || {
        let (request, response) = response;
        let status = response.status().as_u16();
        request.respond(Response::from_data(response.into_body()).with_status_code(status))
    })
    .await
    .ok();
}

fn read(mut request: Request) -> io::Result<(Request, Vec<u8>)> {
    let mut body = Vec::new();
    request.as_reader().take(MAX_BODY_BYTES + 1).read_to_end(&mut body)?;
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

//! A conversation with a bot, from the first message to the bot's reply.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use linq::{
    ReqwestBackend,
    prelude::*,
    sandbox::Sandbox,
    types::{
        chats::CreatedChat,
        escape,
        events::EventType,
        messages::DeliveryStatus,
        webhook_subscriptions::{NewWebhookSubscription, SigningSecret},
    },
    webhooks::EventHandler,
};
use tokio::{net::TcpListener, time::sleep};

use crate::{bot::Bot, timeline::Timeline};

mod bot;
mod timeline;

const GREETING: &str = "Hello from Rust! Ask me anything.";
const QUESTION: &str = "When do you open?";
const WEBHOOKS: &str = "/webhooks";
/// The exit code of programs that SIGPIPE ends in a shell.
const BROKEN_PIPE: u8 = 128 + 13;

/// Sends a message, and lets a bot reply to the response, against a sandbox on this machine: no account, no network.
///
/// With LINQ_API_V3_API_KEY, --from and --to, it sends the message with the real API instead, or with the one at
/// LINQ_API_V3_BASE_URL. The message is delivered and may cost money.
#[derive(Parser)]
#[command(name = "quickstart")]
struct Args {
    /// Your line, such as +12025550100
    #[arg(long, requires = "to", value_name = "NUMBER")]
    from: Option<Handle>,
    /// The recipient: a phone number such as +12025550199, or an email address
    #[arg(long, requires = "from", value_name = "HANDLE")]
    to: Option<Handle>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Args::parse() {
        Args { from: Some(from), to: Some(to) } => send_for_real(from, to).await,
        _ => converse().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the output is gone, as after `| head -1`.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(BROKEN_PIPE),
        Err(error) => {
            eprintln!("quickstart: {}", escape(format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Runs the whole conversation against the sandbox.
async fn converse() -> Result<()> {
    let (mut timeline, entries) = Timeline::new();

    let sandbox = Sandbox::start().await.context("could not start the sandbox")?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build(ReqwestBackend::new()?)?;
    timeline.say("sandbox", format_args!("listens on {}", sandbox.base_url()))?;

    let listener = TcpListener::bind("127.0.0.1:0").await.context("could not open a port for webhooks")?;
    let target = format!("http://{}{WEBHOOKS}?version=2026-02-03", listener.local_addr()?);
    let bot = Bot { linq: client.clone(), timeline: entries };
    let secret = subscribe(&client, &target, &bot).await?;
    timeline.say("you", format_args!("subscribe {target} to events"))?;
    let endpoint = bot::endpoint(WEBHOOKS, Verifier::new(secret)?, bot);
    tokio::spawn(async move { axum::serve(listener, endpoint).await });

    let person = Handle::from("+12025550199");
    open(&client, sandbox.phone_number(), &person, &timeline).await?;
    timeline
        .wait_for(
            "waiting for the first message to be read",
            |data| matches!(data, EventData::MessageRead(message) if message.text() == GREETING),
        )
        .await?;

    timeline.say("person", format_args!("{person} writes “{QUESTION}”"))?;
    sandbox.person(person.as_str()).says(QUESTION).context("the person could not send a message")?;
    timeline
        .wait_for(
            "waiting for the person's message",
            |data| matches!(data, EventData::MessageReceived(message) if message.text() == QUESTION),
        )
        .await?;
    timeline
        .wait_for(
            "waiting for the bot's reaction",
            |data| matches!(data, EventData::ReactionAdded(reaction) if reaction.is_from_me == Some(true)),
        )
        .await?;
    timeline
        .wait_for(
            "waiting for the bot's reply to be read",
            |data| matches!(data, EventData::MessageRead(message) if message.text() == bot::REPLY),
        )
        .await?;

    let webhooks = timeline.webhooks();
    writeln!(io::stdout(), "\nDone: received {webhooks} webhooks and verified their signatures.")?;
    Ok(())
}

/// Subscribes to the events that the bot handles and those that the timeline shows, and returns the signing secret.
async fn subscribe(client: &Client, target: &str, bot: &Bot) -> Result<SigningSecret> {
    let mut events = bot.subscribed_events();
    events.extend([
        EventType::MessageSent,
        EventType::MessageDelivered,
        EventType::MessageRead,
        EventType::ReactionAdded,
    ]);
    let created = client.webhook_subscriptions().create(NewWebhookSubscription::new(target, events)).await?;
    Ok(created.signing_secret)
}

/// Creates a chat with a first message, in the sandbox or with the real API.
async fn open(client: &Client, from: &Handle, to: &Handle, timeline: &Timeline) -> Result<CreatedChat> {
    let chat = client.chats().create(NewChat::new(from, [to], GREETING)).await?.chat;
    let status = chat.message.delivery_status.as_ref().map_or("accepted", DeliveryStatus::as_str);
    timeline.say("you", format_args!("{from} → {to} “{GREETING}” [{status}]"))?;
    Ok(chat)
}

/// Sends a message with the real API, and polls its delivery status.
async fn send_for_real(from: Handle, to: Handle) -> Result<()> {
    let client = Client::from_env(ReqwestBackend::new()?)?;
    let (timeline, _) = Timeline::new();
    let chat = open(&client, &from, &to, &timeline).await?;
    let mut shown = chat.message.delivery_status;
    for _ in 0..30 {
        sleep(Duration::from_secs(1)).await;
        let message = client.messages().retrieve(&chat.message.id).await?;
        let Some(status) = message.delivery_status.filter(|status| shown.as_ref() != Some(status)) else {
            continue;
        };
        timeline.say("api", format_args!("“{GREETING}” is {status}"))?;
        match status {
            DeliveryStatus::Delivered | DeliveryStatus::Read => return Ok(()),
            DeliveryStatus::Failed => bail!("the message could not be delivered"),
            _ => shown = Some(status),
        }
    }
    if shown == Some(DeliveryStatus::Sent) {
        return Ok(());
    }
    bail!("the message was still {shown:?} after 30 seconds")
}

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use linq::{
    prelude::*,
    types::messages::DeliveryStatus,
    webhooks::{BodyTimeout, EventHandler, VerifiedEvent},
};
use tokio::{sync::mpsc::UnboundedSender, time::sleep};

use crate::timeline::Entry;

/// The bot's reply to every message.
pub(crate) const REPLY: &str = "We open at nine. See you!";

/// Reacts to every message and replies to it.
pub(crate) struct Bot {
    pub(crate) linq: Client,
    pub(crate) timeline: UnboundedSender<Entry>,
}

#[linq_handler(error = linq::Error)]
impl Bot {
    #[on]
    async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        self.linq.messages().add_reaction(&message.id, Reaction::LOVE).await?;
        self.report("reacts with love".into());
        // The API executes the send once for each event, however often the event is delivered.
        let reply = self.linq.chats().messages(&message.chat.id).send(REPLY);
        let sent = reply.idempotency_key(keys.key("reply")).await?;
        let status = sent.message.delivery_status.as_ref().map_or("accepted", DeliveryStatus::as_str);
        self.report(format!("replies “{REPLY}” [{status}]"));
        Ok(())
    }

    fn report(&self, action: String) {
        self.timeline.send(Entry::Bot(action)).ok();
    }
}

/// The state of the webhook endpoint. Only verified events reach the bot.
#[derive(Clone)]
struct Endpoint {
    verifier: Verifier,
    bot: Arc<Bot>,
}

impl FromRef<Endpoint> for Verifier {
    fn from_ref(endpoint: &Endpoint) -> Self {
        endpoint.verifier.clone()
    }
}

pub(crate) fn endpoint(path: &str, verifier: Verifier, bot: Bot) -> Router {
    let timeout = BodyTimeout::new(Duration::from_secs(10), sleep);
    let router = Router::new().route(path, post(receive)).layer(Extension(timeout));
    router.with_state(Endpoint { verifier, bot: Arc::new(bot) })
}

async fn receive(
    State(Endpoint { bot, .. }): State<Endpoint>,
    VerifiedEvent { event, scheme, .. }: VerifiedEvent,
) -> StatusCode {
    bot.timeline.send(Entry::Webhook(scheme, Box::new(event.clone()))).ok();
    match bot.handle(event).await {
        Ok(outcome) => outcome.status(),
        Err(error) => {
            bot.timeline.send(Entry::BotFailed(error.to_string())).ok();
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

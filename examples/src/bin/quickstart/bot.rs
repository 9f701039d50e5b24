use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use linq::{
    prelude::*,
    webhooks::{EventHandler, VerifiedEvent},
};
use tokio::sync::mpsc::UnboundedSender;

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
    async fn reply(&self, message: MessageReceived) -> Result<(), linq::Error> {
        self.linq.messages().add_reaction(&message.id, Reaction::LOVE).await?;
        self.report("reacts with love".into());
        let sent = self.linq.chats().messages(&message.chat.id).send(REPLY).await?;
        self.report(format!("replies “{REPLY}” [{:?}]", sent.message.delivery_status));
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
    Router::new().route(path, post(receive)).with_state(Endpoint { verifier, bot: Arc::new(bot) })
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

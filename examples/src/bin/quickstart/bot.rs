use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use linq::{
    Client,
    types::{events::MessageReceived, reactions::Reaction},
    webhooks::{EventHandler, VerifiedEvent, Verifier, linq_handler},
};
use tokio::sync::mpsc::UnboundedSender;

use crate::timeline::Happening;

/// What the bot says to everybody.
pub(crate) const ANSWER: &str = "We open at nine. See you!";

/// Loves every message and answers it.
pub(crate) struct Bot {
    pub(crate) linq: Client,
    pub(crate) timeline: UnboundedSender<Happening>,
}

#[linq_handler(error = linq::Error)]
impl Bot {
    #[on]
    async fn answer(&self, message: MessageReceived) -> Result<(), linq::Error> {
        self.linq.messages().add_reaction(&message.id, Reaction::LOVE).await?;
        self.tell("reacts with love".into());
        let sent = self.linq.chats().messages(&message.chat.id).send(ANSWER).await?;
        self.tell(format!("answers “{ANSWER}” [{}]", sent.message.delivery_status));
        Ok(())
    }

    fn tell(&self, what: String) {
        self.timeline.send(Happening::Bot(what)).ok();
    }
}

/// The webhook endpoint: only events whose signature was checked reach the bot.
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
    bot.timeline.send(Happening::Webhook(scheme, Box::new(event.clone()))).ok();
    match bot.handle(event).await {
        Ok(outcome) => outcome.status(),
        Err(error) => {
            bot.timeline.send(Happening::BotFailed(error.to_string())).ok();
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

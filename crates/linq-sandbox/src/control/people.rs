//! What people do.

use http::StatusCode;
use linq_types::{ChatId, Handle, MessageId, Service, reactions::Reaction};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    clock::Moment,
    error::ApiError,
    handle, json,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
};

/// Somebody does something, as the body says; gives what the answer has.
type Action = fn(&mut Store, Moment, &Handle, &[u8]) -> Result<Value, ApiError>;

const ACTIONS: [(&str, Action); 3] = [("says", says), ("reacts", reacts), ("on", on)];

pub(super) fn actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|(name, _)| *name)
}

pub(super) fn act(shared: &Shared, call: &Call<'_>, person: &str, action: &str) -> Result<Answer, ApiError> {
    let (_, act) = ACTIONS.iter().find(|(name, _)| *name == action).ok_or_else(|| {
        let known: Vec<_> = actions().collect();
        ApiError::nothing_there(&format!("action `{action}`; people can: {}", known.join(", ")))
    })?;
    let person = Handle::from(person);
    handle::check("handle", &person)?;
    let done = shared.change(|store, now| act(store, now, &person, call.body))?;
    Ok(Answer::json(StatusCode::OK, &done))
}

/// What an action is about: `{}` where it needs nothing.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    json::read(if body.is_empty() { b"{}" } else { body })
}

fn says(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Says {
        text: String,
        /// The first line, unless named.
        to: Option<Handle>,
    }

    #[derive(Serialize)]
    struct Said {
        chat_id: ChatId,
        message_id: MessageId,
    }

    let Says { text, to } = read(body)?;
    let line = to.unwrap_or_else(|| store.config.phone_numbers[0].clone());
    store.check_line("to", &line)?;
    let (chat_id, message_id) = store.receive_among(now, &line, person, &[], text.into())?;
    Ok(json!(Said { chat_id, message_id }))
}

fn reacts(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Reacts {
        message_id: String,
        #[serde(flatten)]
        reaction: Reaction,
    }

    let Reacts { message_id, reaction } = read(body)?;
    store.receive_reaction(now, &message_id, person, reaction)?;
    Ok(json!({}))
}

fn on(store: &mut Store, _: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct On {
        service: Service,
    }

    let On { service } = read(body)?;
    if let Service::Unknown(_) = service {
        return Err(ApiError::new(
            linq_types::error::ErrorCode::INVALID_PARAMETER,
            "`service` must be iMessage, RCS or SMS",
        ));
    }
    store.set_service(person, service);
    Ok(json!({}))
}

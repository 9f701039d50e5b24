//! What people do.

use std::time::Duration;

use http::StatusCode;
use linq_types::{
    ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PollOptionId, Service,
    error::ErrorCode,
    messages::{NewMessage, UpdateMessage},
    polls::{NewPoll, NewPollOption, PollVote},
    reactions::Reaction,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::time::duration;
use crate::{
    Location,
    clock::Moment,
    error::ApiError,
    handle, json,
    routes::{Answer, Call},
    shared::Shared,
    store::{ReceivedCard, Store},
};

/// Somebody does something, as the body says; gives what the answer has.
type Action = fn(&mut Store, Moment, &Handle, &[u8]) -> Result<Value, ApiError>;

const ACTIONS: [(&str, Action); 24] = [
    ("says", says),
    ("sends", sends),
    ("opts_out", opts_out),
    ("reacts", reacts),
    ("edits", edits),
    ("gets", gets),
    ("reads", reads),
    ("types", |store, now, person, body| types(store, now, person, body, true)),
    ("stops_typing", |store, now, person, body| types(store, now, person, body, false)),
    ("leaves", leaves),
    ("adds", adds),
    ("renames", renames),
    ("asks", asks),
    ("adds_options", adds_options),
    ("votes", |store, now, person, body| votes(store, now, person, body, PollVote::add)),
    ("takes_vote_back", |store, now, person, body| votes(store, now, person, body, PollVote::remove)),
    ("shares_location", shares_location),
    ("stops_sharing_location", stops_sharing_location),
    ("sends_contact_card", sends_contact_card),
    ("pays", pays),
    ("tells_payment_code", tells_payment_code),
    ("approves", approves),
    ("on", on),
    ("has_rcs", has_rcs),
];

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

/// The chat that something is done in.
fn chat_id(body: &[u8]) -> Result<ChatId, ApiError> {
    #[derive(Deserialize)]
    struct InChat {
        chat_id: ChatId,
    }

    Ok(read::<InChat>(body)?.chat_id)
}

/// The message that something is done to.
fn message_id(body: &[u8]) -> Result<MessageId, ApiError> {
    #[derive(Deserialize)]
    struct ToMessage {
        message_id: MessageId,
    }

    Ok(read::<ToMessage>(body)?.message_id)
}

fn done(result: Result<(), ApiError>) -> Result<Value, ApiError> {
    result.map(|()| json!({}))
}

fn said((chat_id, message_id): (ChatId, MessageId)) -> Value {
    json!({ "chat_id": chat_id, "message_id": message_id })
}

/// The first line, unless another is named.
fn line(store: &Store, to: Option<Handle>) -> Result<Handle, ApiError> {
    let line = to.unwrap_or_else(|| store.config.phone_numbers[0].clone());
    store.check_line("to", &line)?;
    Ok(line)
}

fn say(
    store: &mut Store,
    now: Moment,
    person: &Handle,
    to: Option<Handle>,
    message: NewMessage,
) -> Result<Value, ApiError> {
    let line = line(store, to)?;
    store.receive_among(now, &line, person, &[], message).map(said)
}

fn says(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Says {
        text: String,
        to: Option<Handle>,
    }

    let Says { text, to } = read(body)?;
    say(store, now, person, to, text.into())
}

fn opts_out(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct OptsOut {
        to: Option<Handle>,
    }

    let OptsOut { to } = read(body)?;
    say(store, now, person, to, "STOP".into())
}

/// Into a chat, or to a line.
fn sends(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Sends {
        message: NewMessage,
        chat_id: Option<ChatId>,
        to: Option<Handle>,
    }

    let Sends { message, chat_id, to } = read(body)?;
    match chat_id {
        None => say(store, now, person, to, message),
        Some(chat_id) => {
            let message_id = store.receive_into(now, &chat_id, person, message)?;
            Ok(said((chat_id, message_id)))
        }
    }
}

fn reacts(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    let reaction: Reaction = read(body)?;
    done(store.receive_reaction(now, message_id(body)?.as_str(), person, reaction))
}

fn edits(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    let edit: UpdateMessage = read(body)?;
    done(store.receive_edit(now, message_id(body)?.as_str(), person, edit))
}

fn gets(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    done(store.receive_delivery(now, &message_id(body)?, person))
}

fn reads(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    done(store.receive_read(now, &message_id(body)?, person))
}

fn types(
    store: &mut Store,
    now: Moment,
    person: &Handle,
    body: &[u8],
    begins: bool,
) -> Result<Value, ApiError> {
    done(store.receive_typing(now, &chat_id(body)?, person, begins))
}

fn leaves(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    done(store.receive_leave(now, &chat_id(body)?, person))
}

fn adds(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Adds {
        handle: Handle,
    }

    let Adds { handle } = read(body)?;
    handle::check("handle", &handle)?;
    done(store.receive_participant(now, &chat_id(body)?, person, &handle))
}

fn renames(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Renames {
        name: String,
    }

    let Renames { name } = read(body)?;
    done(store.receive_name(now, &chat_id(body)?, person, name))
}

fn asks(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    let (chat_id, poll): (_, NewPoll) = (chat_id(body)?, read(body)?);
    let message_id = store.receive_poll(now, &chat_id, person, poll)?;
    Ok(said((chat_id, message_id)))
}

fn adds_options(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct AddsOptions {
        options: Vec<NewPollOption>,
    }

    let AddsOptions { options } = read(body)?;
    done(store.receive_poll_options(now, message_id(body)?.as_str(), person, options))
}

fn votes(
    store: &mut Store,
    now: Moment,
    person: &Handle,
    body: &[u8],
    vote: fn(PollOptionId) -> PollVote,
) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Votes {
        option_id: PollOptionId,
    }

    let Votes { option_id } = read(body)?;
    done(store.receive_vote(now, message_id(body)?.as_str(), person, &vote(option_id)))
}

fn shares_location(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Shares {
        latitude: f64,
        longitude: f64,
        altitude: Option<f64>,
        address: Option<String>,
        locality: Option<String>,
        /// How long; without an end unless given.
        seconds: Option<f64>,
    }

    let Shares { latitude, longitude, altitude, address, locality, seconds } = read(body)?;
    let lasting: Option<Duration> = seconds.map(duration).transpose()?;
    let place = Location { altitude, address, locality, lasting, ..Location::new(latitude, longitude) };
    done(store.share_location(now, &chat_id(body)?, person, place))
}

fn stops_sharing_location(
    store: &mut Store,
    now: Moment,
    person: &Handle,
    body: &[u8],
) -> Result<Value, ApiError> {
    done(store.receive_stop_sharing(now, &chat_id(body)?, person))
}

fn on(store: &mut Store, _: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct On {
        service: Service,
    }

    let On { service } = read(body)?;
    if let Service::Unknown(_) = service {
        return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`service` must be iMessage, RCS or SMS"));
    }
    store.set_service(person, service);
    Ok(json!({}))
}

fn has_rcs(store: &mut Store, _: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct HasRcs {
        has_rcs: bool,
    }

    store.set_rcs(person, read::<HasRcs>(body)?.has_rcs);
    Ok(json!({}))
}

fn sends_contact_card(
    store: &mut Store,
    now: Moment,
    person: &Handle,
    body: &[u8],
) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SendsCard {
        first_name: String,
        last_name: String,
        media_url: Option<String>,
        to: Option<Handle>,
    }

    let SendsCard { first_name, last_name, media_url, to } = read(body)?;
    let line = line(store, to)?;
    let card = ReceivedCard { first_name: &first_name, last_name: &last_name, media_url };
    done(store.receive_card(now, &line, person, &card))
}

fn pays(store: &mut Store, now: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Pays {
        payment_request_id: PaymentRequestId,
    }

    let Pays { payment_request_id } = read(body)?;
    done(store.pay(now, payment_request_id.as_str(), person))
}

/// `null` when no code is awaited.
fn tells_payment_code(store: &mut Store, _: Moment, person: &Handle, _: &[u8]) -> Result<Value, ApiError> {
    Ok(json!({ "code": store.payment_code(person) }))
}

fn approves(store: &mut Store, _: Moment, person: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Approves {
        payment_id: PaymentId,
    }

    let Approves { payment_id } = read(body)?;
    done(store.approve_payment(payment_id.as_str(), person))
}

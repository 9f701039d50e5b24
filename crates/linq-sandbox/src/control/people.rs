//! What people do: each action is named after the method of `Person` that does the same.

use http::StatusCode;
use linq_types::{
    ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PollOptionId, Service,
    error::ErrorCode,
    messages::{MessageContent, UpdateMessage},
    polls::{NewPollOption, NewPollVote, PollContent},
    reactions::Reaction,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    actions::{self, Action, answer, done, read, refuse},
    time,
};
use crate::{
    Location,
    clock::Moment,
    error::ApiError,
    handle,
    routes::{Answer, Call},
    shared::Shared,
    store::{ReceivedCard, Store},
};

pub(super) const ACTIONS: [Action; 27] = [
    ("says", says),
    ("sends", sends),
    ("sends_among", sends),
    ("sends_into", sends_into),
    ("replies", replies),
    ("reacts", reacts),
    ("edits", edits),
    ("gets", |store, now, who, body| done(store.receive_delivery(now, &message_id(body)?, who))),
    ("reads", |store, now, who, body| done(store.receive_read(now, &message_id(body)?, who))),
    ("types", |store, now, who, body| done(store.receive_typing(now, &chat_id(body)?, who, true))),
    ("stops_typing", |store, now, who, body| done(store.receive_typing(now, &chat_id(body)?, who, false))),
    ("leaves", |store, now, who, body| done(store.receive_leave(now, &chat_id(body)?, who))),
    ("adds", adds),
    ("renames", renames),
    ("asks", asks),
    ("adds_options", adds_options),
    ("votes", |store, now, who, body| votes(store, now, who, body, NewPollVote::add)),
    ("takes_vote_back", |store, now, who, body| votes(store, now, who, body, NewPollVote::remove)),
    ("shares_location", shares_location),
    ("stops_sharing_location", |store, now, who, body| {
        done(store.receive_stop_sharing(now, &chat_id(body)?, who))
    }),
    ("sends_contact_card", sends_contact_card),
    ("opts_out", opts_out),
    ("pays", pays),
    ("approves", approves),
    ("on", on),
    ("unreachable", unreachable),
    ("has_rcs", has_rcs),
];

pub(super) fn act(shared: &Shared, call: &Call<'_>, person: &str, action: &str) -> Result<Answer, ApiError> {
    let person = Handle::from(person);
    handle::check("handle", &person)?;
    actions::perform(&ACTIONS, shared, call, &person, action)
}

#[derive(Serialize)]
struct Said {
    chat_id: ChatId,
    message_id: MessageId,
}

fn chat_id(body: &[u8]) -> Result<ChatId, ApiError> {
    #[derive(Deserialize)]
    struct InChat {
        chat_id: ChatId,
    }

    read(body).map(|InChat { chat_id }| chat_id)
}

fn message_id(body: &[u8]) -> Result<MessageId, ApiError> {
    #[derive(Deserialize)]
    struct OfMessage {
        message_id: MessageId,
    }

    read(body).map(|OfMessage { message_id }| message_id)
}

/// The line that something goes to: the first, unless named.
fn line(store: &Store, to: Option<Handle>) -> Result<Handle, ApiError> {
    let line = to.unwrap_or_else(|| store.config.phone_numbers[0].clone());
    store.check_line("to", &line)?;
    Ok(line)
}

fn write(
    store: &mut Store,
    now: Moment,
    who: &Handle,
    to: Option<Handle>,
    others: &[Handle],
    message: MessageContent,
) -> Result<Value, ApiError> {
    let line = line(store, to)?;
    let (chat_id, message_id) = store.receive_among(now, &line, who, others, message)?;
    answer(&Said { chat_id, message_id })
}

fn says(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Says {
        text: String,
        to: Option<Handle>,
    }

    let Says { text, to } = read(body)?;
    write(store, now, who, to, &[], text.into())
}

fn opts_out(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct OptsOut {
        to: Option<Handle>,
    }

    let OptsOut { to } = read(body)?;
    write(store, now, who, to, &[], "STOP".into())
}

fn sends(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Sends {
        message: MessageContent,
        #[serde(default)]
        others: Vec<Handle>,
        to: Option<Handle>,
    }

    let Sends { message, others, to } = read(body)?;
    for (at, other) in others.iter().enumerate() {
        handle::check(&format!("others[{at}]"), other)?;
    }
    write(store, now, who, to, &others, message)
}

fn sends_into(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SendsInto {
        chat_id: ChatId,
        message: MessageContent,
    }

    let SendsInto { chat_id, message } = read(body)?;
    let message_id = store.receive_into(now, &chat_id, who, message)?;
    answer(&Said { chat_id, message_id })
}

fn replies(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Replies {
        message_id: MessageId,
        message: MessageContent,
    }

    let Replies { message_id, message } = read(body)?;
    let (chat_id, message_id) = store.receive_reply(now, &message_id, who, message)?;
    answer(&Said { chat_id, message_id })
}

fn reacts(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Reacts {
        message_id: MessageId,
        #[serde(flatten)]
        reaction: Reaction,
    }

    let Reacts { message_id, reaction } = read(body)?;
    done(store.receive_reaction(now, message_id.as_str(), who, reaction))
}

fn edits(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Edits {
        message_id: MessageId,
        #[serde(flatten)]
        edit: UpdateMessage,
    }

    let Edits { message_id, edit } = read(body)?;
    done(store.receive_edit(now, message_id.as_str(), who, edit))
}

fn adds(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Adds {
        chat_id: ChatId,
        handle: Handle,
    }

    let Adds { chat_id, handle } = read(body)?;
    handle::check("handle", &handle)?;
    done(store.receive_participant(now, &chat_id, who, &handle))
}

fn renames(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Renames {
        chat_id: ChatId,
        name: String,
    }

    let Renames { chat_id, name } = read(body)?;
    done(store.receive_name(now, &chat_id, who, name))
}

fn asks(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Asks {
        chat_id: ChatId,
        poll: PollContent,
    }

    let Asks { chat_id, poll } = read(body)?;
    let message_id = store.receive_poll(now, &chat_id, who, poll)?;
    answer(&Said { chat_id, message_id })
}

fn adds_options(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct AddsOptions {
        message_id: MessageId,
        options: Vec<NewPollOption>,
    }

    let AddsOptions { message_id, options } = read(body)?;
    done(store.receive_poll_options(now, message_id.as_str(), who, options))
}

fn votes(
    store: &mut Store,
    now: Moment,
    who: &Handle,
    body: &[u8],
    vote: fn(PollOptionId) -> NewPollVote,
) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Votes {
        message_id: MessageId,
        option_id: PollOptionId,
    }

    let Votes { message_id, option_id } = read(body)?;
    done(store.receive_vote(now, message_id.as_str(), who, &vote(option_id)))
}

fn shares_location(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SharesLocation {
        chat_id: ChatId,
        latitude: f64,
        longitude: f64,
        altitude: Option<f64>,
        address: Option<String>,
        locality: Option<String>,
        seconds: Option<f64>,
    }

    let SharesLocation { chat_id, latitude, longitude, altitude, address, locality, seconds } = read(body)?;
    let lasting = seconds.map(time::duration).transpose()?;
    let place = Location { latitude, longitude, altitude, address, locality, lasting };
    done(store.share_location(now, &chat_id, who, place))
}

fn sends_contact_card(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SendsContactCard {
        first_name: String,
        last_name: String,
        media_url: Option<String>,
        to: Option<Handle>,
    }

    let SendsContactCard { first_name, last_name, media_url, to } = read(body)?;
    let line = line(store, to)?;
    let card = ReceivedCard { first_name: &first_name, last_name: &last_name, media_url };
    done(store.receive_card(now, &line, who, &card))
}

fn pays(store: &mut Store, now: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Pays {
        payment_request_id: PaymentRequestId,
    }

    let Pays { payment_request_id } = read(body)?;
    done(store.pay(now, payment_request_id.as_str(), who))
}

fn approves(store: &mut Store, _: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Approves {
        payment_id: PaymentId,
    }

    let Approves { payment_id } = read(body)?;
    done(store.approve_payment(payment_id.as_str(), who))
}

fn on(store: &mut Store, _: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct On {
        service: Service,
    }

    match read(body)? {
        On { service: Service::Unknown(_) } => refuse("service", "iMessage, RCS or SMS"),
        On { service } => {
            store.set_service(who, service);
            Ok(json!({}))
        }
    }
}

fn unreachable(store: &mut Store, _: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct Unreachable {
        code: Option<ErrorCode>,
    }

    let Unreachable { code } = read(body)?;
    store.set_delivery_failure(who, code);
    Ok(json!({}))
}

fn has_rcs(store: &mut Store, _: Moment, who: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct HasRcs {
        has_rcs: bool,
    }

    let HasRcs { has_rcs } = read(body)?;
    store.set_rcs(who, has_rcs);
    Ok(json!({}))
}

/// What `POST /v3/payments/handles/{handle}/verify` asks for.
pub(super) fn payment_code(shared: &Shared, person: &str) -> Answer {
    let code = shared.read(|store| store.payment_code(&person.into()));
    Answer::json(StatusCode::OK, &json!({ "payment_code": code }))
}

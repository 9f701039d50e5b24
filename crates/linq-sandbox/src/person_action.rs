//! What people do. [`Person`](crate::Person) builds these actions, `POST /sandbox/people/{handle}/{action}` reads them,
//! and the table in `docs/sandbox.md` lists them.

use linq_types::{
    ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PollOptionId, Service,
    error::ErrorCode,
    messages::{MessageContent, UpdateMessage},
    polls::{NewPollOption, NewPollVote, PollContent},
    reactions::Reaction,
};
use serde::Deserialize;

use crate::{
    check,
    clock::Moment,
    error::ApiError,
    json,
    model::{Location, ReceivedCard},
    store::Store,
};

/// Declares [`PersonAction`], how its variants are read, and the rows that describe them.
macro_rules! actions {
    ($(
        #[doc = $does:literal]
        $($name:literal)|+ => $variant:ident { $($(#[$attribute:meta])? $field:ident: $type:ty),* $(,)? }
    )+) => {
        /// Something that a person does.
        pub(crate) enum PersonAction {
            $(#[doc = $does] $variant { $($field: $type),* },)+
        }

        impl PersonAction {
            pub(crate) const ROWS: &[Row] = &[$(Row {
                names: &[$($name),+],
                does: $does,
                fields: &[$(Field {
                    name: stringify!($field),
                    kind: stringify!($type),
                    attribute: stringify!($($attribute)?),
                }),*],
            }),+];

            /// Reads the action of this name; `None` if there is none.
            pub(crate) fn read(name: &str, body: &[u8]) -> Option<Result<Self, ApiError>> {
                Some(match name {
                    $($($name)|+ => {
                        #[derive(Deserialize)]
                        struct $variant {
                            $($(#[$attribute])? $field: $type),*
                        }

                        json::read_or_empty(body).map(|$variant { $($field),* }| Self::$variant { $($field),* })
                    })+
                    _ => return None,
                })
            }
        }
    };
}

/// An action as `GET /sandbox/` and the documentation show it.
pub(crate) struct Row {
    pub(crate) names: &'static [&'static str],
    does: &'static str,
    fields: &'static [Field],
}

struct Field {
    name: &'static str,
    kind: &'static str,
    attribute: &'static str,
}

impl Row {
    pub(crate) fn does(&self) -> &'static str {
        self.does.trim()
    }

    /// The names of the fields in the body that are required, or those that are optional.
    pub(crate) fn fields(&self, optional: bool) -> Vec<String> {
        let fields = self.fields.iter().filter(|field| field.kind.starts_with("Option<") == optional);
        let names = fields.map(|field| match field.attribute {
            "serde(flatten)" => format!("the fields of a {}", field.name),
            _ => field.name.to_owned(),
        });
        names.collect()
    }
}

actions! {
    /// Writes a text to a line.
    "says" => Says { text: String, to: Option<Handle> }
    /// Sends a message to a line, or to a line and the `others` in their group.
    "sends" | "sends_among" => Sends { message: MessageContent, others: Option<Vec<Handle>>, to: Option<Handle> }
    /// Sends a message into a chat.
    "sends_into" => SendsInto { chat_id: ChatId, message: MessageContent }
    /// Replies to a message in its chat.
    "replies" => Replies { message_id: MessageId, message: MessageContent }
    /// Sends a poll.
    "asks" => Asks { chat_id: ChatId, poll: PollContent }
    /// Writes `STOP` to a line.
    "opts_out" => OptsOut { to: Option<Handle> }
    /// Adds or removes a reaction.
    "reacts" => Reacts { message_id: MessageId, #[serde(flatten)] reaction: Reaction }
    /// Edits a text message of their own.
    "edits" => Edits { message_id: MessageId, text: String, part_index: Option<u32> }
    /// Receives a message at once.
    "gets" => Gets { message_id: MessageId }
    /// Reads a message at once.
    "reads" => Reads { message_id: MessageId }
    /// Starts typing.
    "types" => Types { chat_id: ChatId }
    /// Stops typing.
    "stops_typing" => StopsTyping { chat_id: ChatId }
    /// Leaves a group.
    "leaves" => Leaves { chat_id: ChatId }
    /// Adds somebody to a group.
    "adds" => Adds { chat_id: ChatId, handle: Handle }
    /// Renames a group.
    "renames" => Renames { chat_id: ChatId, name: String }
    /// Adds options to a poll.
    "adds_options" => AddsOptions { message_id: MessageId, options: Vec<NewPollOption> }
    /// Votes for an option of a poll.
    "votes" => Votes { message_id: MessageId, option_id: PollOptionId }
    /// Withdraws a vote.
    "takes_vote_back" => TakesVoteBack { message_id: MessageId, option_id: PollOptionId }
    /// Shares their location, for `seconds` or until they stop.
    "shares_location" => SharesLocation {
        chat_id: ChatId,
        latitude: f64,
        longitude: f64,
        altitude: Option<f64>,
        address: Option<String>,
        locality: Option<String>,
        seconds: Option<f64>,
    }
    /// Stops sharing their location.
    "stops_sharing_location" => StopsSharingLocation { chat_id: ChatId }
    /// Sends their contact card to a line.
    "sends_contact_card" => SendsContactCard {
        first_name: String,
        last_name: String,
        media_url: Option<String>,
        to: Option<Handle>,
    }
    /// Pays a payment request.
    "pays" => Pays { payment_request_id: PaymentRequestId }
    /// Approves a payment.
    "approves" => Approves { payment_id: PaymentId }
    /// Is on this service from now on.
    "on" => On { service: Service }
    /// Cannot be reached: messages fail with `code`, or get through again without one.
    "unreachable" => Unreachable { code: Option<ErrorCode> }
    /// Has RCS next to the service they are on, or not.
    "has_rcs" => HasRcs { has_rcs: bool }
}

/// The message that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The chat of the message.
    pub chat_id: ChatId,
    /// The id of the message.
    pub message_id: MessageId,
}

impl PersonAction {
    /// Applies the action. Returns the message if the action writes one.
    pub(crate) fn apply(
        self,
        store: &mut Store,
        now: Moment,
        who: &Handle,
    ) -> Result<Option<Said>, ApiError> {
        match self {
            Self::Says { text, to } => return write(store, now, who, to, &[], text.into()),
            Self::OptsOut { to } => return write(store, now, who, to, &[], "STOP".into()),
            Self::Sends { message, others, to } => {
                return write(store, now, who, to, &others.unwrap_or_default(), message);
            }
            Self::SendsInto { chat_id, message } => {
                let message_id = store.receive_into(now, &chat_id, who, message)?;
                return Ok(Some(Said { chat_id, message_id }));
            }
            Self::Replies { message_id, message } => {
                let (chat_id, message_id) = store.receive_reply(now, &message_id, who, message)?;
                return Ok(Some(Said { chat_id, message_id }));
            }
            Self::Asks { chat_id, poll } => {
                let message_id = store.receive_poll(now, &chat_id, who, poll)?;
                return Ok(Some(Said { chat_id, message_id }));
            }
            Self::Reacts { message_id, reaction } => {
                store.receive_reaction(now, message_id.as_str(), who, reaction)?;
            }
            Self::Edits { message_id, text, part_index } => {
                let edit = UpdateMessage::new(text).part_index(part_index.unwrap_or(0));
                store.receive_edit(now, message_id.as_str(), who, edit)?;
            }
            Self::Gets { message_id } => store.receive_delivery(now, &message_id, who)?,
            Self::Reads { message_id } => store.receive_read(now, &message_id, who)?,
            Self::Types { chat_id } => store.receive_typing(now, &chat_id, who, true)?,
            Self::StopsTyping { chat_id } => store.receive_typing(now, &chat_id, who, false)?,
            Self::Leaves { chat_id } => store.receive_leave(now, &chat_id, who)?,
            Self::Adds { chat_id, handle } => {
                check::handle("handle", &handle)?;
                store.receive_participant(now, &chat_id, who, &handle)?;
            }
            Self::Renames { chat_id, name } => store.receive_name(now, &chat_id, who, name)?,
            Self::AddsOptions { message_id, options } => {
                store.receive_poll_options(now, message_id.as_str(), who, options)?;
            }
            Self::Votes { message_id, option_id } => {
                store.receive_vote(now, message_id.as_str(), who, &NewPollVote::add(option_id))?;
            }
            Self::TakesVoteBack { message_id, option_id } => {
                store.receive_vote(now, message_id.as_str(), who, &NewPollVote::remove(option_id))?;
            }
            Self::SharesLocation { chat_id, latitude, longitude, altitude, address, locality, seconds } => {
                let duration = seconds.map(json::seconds).transpose()?;
                let place = Location { latitude, longitude, altitude, address, locality, duration };
                store.share_location(now, &chat_id, who, place)?;
            }
            Self::StopsSharingLocation { chat_id } => store.receive_stop_sharing(now, &chat_id, who)?,
            Self::SendsContactCard { first_name, last_name, media_url, to } => {
                let line = line(store, to)?;
                let card = ReceivedCard { first_name: &first_name, last_name: &last_name, media_url };
                store.receive_card(now, &line, who, &card)?;
            }
            Self::Pays { payment_request_id } => store.pay(now, payment_request_id.as_str(), who)?,
            Self::Approves { payment_id } => store.approve_payment(payment_id.as_str(), who)?,
            Self::On { service: Service::Unknown(_) } => {
                let message = "`service` must be iMessage, RCS or SMS";
                return Err(ApiError::invalid(message));
            }
            Self::On { service } => store.set_service(who, service),
            Self::Unreachable { code } => store.set_delivery_failure(who, code),
            Self::HasRcs { has_rcs } => store.set_rcs(who, has_rcs),
        }
        Ok(None)
    }
}

/// Returns the line that is written to: the first one by default.
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
) -> Result<Option<Said>, ApiError> {
    check::handles("others", others)?;
    let line = line(store, to)?;
    let (chat_id, message_id) = store.receive_among(now, &line, who, others, message)?;
    Ok(Some(Said { chat_id, message_id }))
}

mod background;
mod leave;
mod location;
pub(super) mod messages;
mod participants;
mod polls;
mod read;
mod share_contact_card;
mod typing;
mod voicememo;

use http::{Method, StatusCode};
use linq_types::{
    ChatId, MessageId,
    chats::{NewChat, UpdateChat},
    error::ErrorCode,
};
use serde::Serialize;

use super::{Answer, Call};
use crate::{
    error::ApiError,
    handle, json, parts,
    shared::Shared,
    store::{Outgoing, Store},
    views::{ChatView, FullChatView, SentMessageView},
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, []) => list(shared, call),
        (&Method::GET, [chat_id]) if !chat_id.is_empty() => retrieve(shared, chat_id),
        (&Method::PUT, [chat_id]) => update(shared, call, chat_id),
        (_, [chat_id, "background"]) => return background::answer(shared, call, chat_id),
        (_, [chat_id, "leave"]) => return leave::answer(shared, call, chat_id),
        (_, [chat_id, "location", rest @ ..]) => return location::answer(shared, call, chat_id, rest),
        (_, [chat_id, "messages"]) => return messages::answer(shared, call, chat_id),
        (_, [chat_id, "participants"]) => return participants::answer(shared, call, chat_id),
        (_, [chat_id, "polls"]) => return polls::answer(shared, call, chat_id),
        (_, [chat_id, "read"]) => return read::answer(shared, call, chat_id),
        (_, [chat_id, "share_contact_card"]) => return share_contact_card::answer(shared, call, chat_id),
        (_, [chat_id, "typing"]) => return typing::answer(shared, call, chat_id),
        (_, [chat_id, "voicememo"]) => return voicememo::answer(shared, call, chat_id),
        _ => return None,
    })
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let NewChat { from, to, message, override_optout, .. } = json::read(call.body)?;
    handle::check_phone_number("from", &from)?;
    for (at, handle) in to.iter().enumerate() {
        handle::check(&format!("to[{at}]"), handle)?;
    }
    parts::check(&message)?;
    let key = message.idempotency_key.clone();
    let outgoing = Outgoing::new(message, override_optout, call.trace_id);
    shared.change(|store, now| {
        store.send_once(now, key, call.digest(), created, |store| store.send_to(now, &from, &to, outgoing))
    })
}

fn created(store: &Store, message_id: &MessageId) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chat: Created<'a>,
    }

    #[derive(Serialize)]
    struct Created<'a> {
        #[serde(flatten)]
        chat: ChatView<'a>,
        message: SentMessageView<'a>,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let reused = chat.messages.iter().next() != Some(message_id);
    let status =
        if reused && !store.config.rules.reuse_is_201 { StatusCode::OK } else { StatusCode::CREATED };
    let created = Created { chat: ChatView::new(chat), message: SentMessageView::new(chat, message) };
    Ok(Answer::json(status, &Body { chat: created }))
}

fn list(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chats: Vec<FullChatView<'a>>,
        next_cursor: Option<String>,
    }

    let (line, person) = (call.handle("from")?, call.handle("to")?);
    let limit = call.limit(20)?;
    let offset = match call.parameter("cursor") {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| {
            ApiError::new(ErrorCode::INVALID_PARAMETER, "`cursor` is not a `next_cursor` of this list")
        })?,
    };
    shared.read(|store| {
        if let Some(line) = &line {
            store.check_line("from", line)?;
        }
        let (chats, next) = store.list_chats(line.as_ref(), person.as_ref(), offset, limit);
        let chats = chats.into_iter().map(FullChatView::new).collect();
        let body = Body { chats, next_cursor: next.map(|offset| offset.to_string()) };
        Ok(Answer::json(StatusCode::OK, &body))
    })
}

fn retrieve(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| Ok(Answer::json(StatusCode::OK, &FullChatView::new(store.chat(chat_id)?))))
}

fn update(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        status: &'static str,
    }

    let UpdateChat { display_name, group_chat_icon, .. } = json::read(call.body)?;
    if display_name.is_none() && group_chat_icon.is_none() {
        return Err(ApiError::missing("display_name` or `group_chat_icon"));
    }
    if display_name.as_deref().is_some_and(str::is_empty) {
        return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`display_name` is empty"));
    }
    if group_chat_icon.as_deref().is_some_and(|url| !url.starts_with("https://")) {
        return Err(ApiError::new(
            ErrorCode::INVALID_PARAMETER,
            "`group_chat_icon` must be an https address",
        ));
    }
    shared.change(|store, now| {
        store.update_group(now, chat_id, display_name, group_chat_icon, call.trace_id)?;
        let chat_id = &store.chat(chat_id)?.id;
        Ok(Answer::json(StatusCode::ACCEPTED, &Body { chat_id, status: "pending" }))
    })
}

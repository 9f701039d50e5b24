use http::{Method, StatusCode};
use linq_types::{
    ChatId, MessageId,
    chats::NewChat,
    messages::{NewMessage, SendMessage},
};
use serde::Serialize;

use super::{Answer, Call};
use crate::{
    error::ApiError,
    handle, json, parts,
    shared::Shared,
    store::{Outgoing, Store},
    views::{ChatView, MessageView, SentMessageView},
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::POST, [chat_id, "messages"]) => send_message(shared, call, chat_id),
        (&Method::POST, [chat_id, "share_contact_card"]) => share_contact_card(shared, chat_id),
        (&Method::GET, [chat_id, "messages"]) => list_messages(shared, call, chat_id),
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
    let outgoing = outgoing(call, message, override_optout);
    shared.change(|store, now| {
        store.send_once(key, call.fingerprint(), created, |store| store.send_to(now, &from, &to, outgoing))
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
    let created = Created { chat: ChatView::new(chat), message: SentMessageView::new(chat, message) };
    Ok(Answer::json(StatusCode::CREATED, &Body { chat: created }))
}

fn send_message(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let SendMessage { message, override_optout, .. } = json::read(call.body)?;
    parts::check(&message)?;
    let chat_id = ChatId::from(chat_id);
    let key = message.idempotency_key.clone();
    let outgoing = outgoing(call, message, override_optout);
    shared.change(|store, now| {
        store.send_once(key, call.fingerprint(), sent, |store| store.send_into(now, &chat_id, outgoing))
    })
}

fn sent(store: &Store, message_id: &MessageId) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        message: SentMessageView<'a>,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let body = Body { chat_id: &chat.id, message: SentMessageView::new(chat, message) };
    Ok(Answer::json(StatusCode::ACCEPTED, &body))
}

fn share_contact_card(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.share_card(now, &chat_id.into()))?;
    Ok(Answer::no_content())
}

fn outgoing(call: &Call<'_>, message: NewMessage, override_optout: Option<bool>) -> Outgoing {
    Outgoing { message, override_optout: override_optout == Some(true), trace_id: call.trace_id.clone() }
}

fn list_messages(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        messages: Vec<MessageView<'a>>,
        next_cursor: Option<&'a MessageId>,
    }

    let limit = call.limit(50)?;
    let cursor = call.parameter("cursor");
    shared.read(|store| {
        let chat = store.chat(chat_id)?;
        let mut ids = chat.messages_before(cursor.as_deref())?.peekable();
        let mut page = Vec::with_capacity(limit);
        let mut last = None;
        while page.len() < limit
            && let Some(id) = ids.next()
        {
            page.push(MessageView::new(chat, store.message(id.as_str())?));
            last = Some(id);
        }
        let next_cursor = last.filter(|_| ids.peek().is_some());
        Ok(Answer::json(StatusCode::OK, &Body { messages: page, next_cursor }))
    })
}

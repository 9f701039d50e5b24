use http::{Method, StatusCode};
use linq_types::{
    ChatId, MessageId,
    messages::{NewChatMessage, ThreadOrder},
};
use serde::Serialize;

use crate::{
    error::ApiError,
    json, parts,
    routes::{Answer, Call},
    shared::Shared,
    store::{Outgoing, Store, Timeline},
    views::{MessageView, SentMessageView},
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(send(shared, call, chat_id)),
        Method::GET => Some(list(shared, call, chat_id)),
        _ => None,
    }
}

fn send(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let NewChatMessage { message, override_optout, .. } = json::read(call.body)?;
    parts::check(&message)?;
    let chat_id = ChatId::from(chat_id);
    let key = message.idempotency_key.clone();
    let outgoing = Outgoing::new(message, override_optout, call.trace_id);
    shared.change(|store, now| {
        store.send_once(now, key, call.digest(), sent, |store| store.send_into(now, &chat_id, outgoing))
    })
}

/// A message on its way, with its chat.
pub(in crate::routes) fn sent(store: &Store, message_id: &MessageId) -> Result<Answer, ApiError> {
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

fn list(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| page(store, call, &store.chat(chat_id)?.messages, &ThreadOrder::Desc))
}

/// Some messages of one chat.
pub(in crate::routes) fn page(
    store: &Store,
    call: &Call<'_>,
    timeline: &Timeline,
    order: &ThreadOrder,
) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        messages: Vec<MessageView<'a>>,
        next_cursor: Option<String>,
    }

    let page = timeline.page(call.parameter("cursor").as_deref(), order, call.limit(50)?)?;
    let messages = page.ids.into_iter().map(|id| {
        let message = store.message(id.as_str())?;
        Ok(MessageView::new(store.chat(message.chat_id.as_str())?, message))
    });
    let messages = messages.collect::<Result<_, ApiError>>()?;
    Ok(Answer::json(StatusCode::OK, &Body { messages, next_cursor: page.next_cursor }))
}

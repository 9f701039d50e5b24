use http::StatusCode;
use linq_types::{
    ChatId, MessageId,
    messages::{NewChatMessage, ThreadOrder},
};
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::ApiError,
    json,
    model::{Outgoing, Timeline},
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
    views::{MessageView, SentMessageView},
};

pub(crate) fn send(shared: &Shared, call: &Call<'_>) -> Answer {
    let NewChatMessage { message, override_optout, .. } = json::read(call.body)?;
    check::message(&message)?;
    let chat_id = ChatId::from(call.id());
    let key = message.idempotency_key.clone();
    let outgoing = Outgoing::new(message, override_optout, call.trace_id);
    shared.update(|state, now| {
        state.replays.send_once(&mut state.store, now, key, call.digest(), sent, |store| {
            store.send_into(now, &chat_id, outgoing)
        })
    })
}

/// Returns the response to a sent message.
pub(crate) fn sent(store: &Store, message_id: &MessageId) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        message: SentMessageView<'a>,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let body = Body { chat_id: &chat.id, message: SentMessageView::new(chat, message) };
    Ok(ApiResponse::json(StatusCode::ACCEPTED, &body))
}

pub(crate) fn list(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| page(store, call, &store.chat(call.id())?.messages, &ThreadOrder::Desc))
}

/// Returns a page of messages.
pub(crate) fn page(store: &Store, call: &Call<'_>, timeline: &Timeline, order: &ThreadOrder) -> Answer {
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
    Ok(ApiResponse::json(StatusCode::OK, &Body { messages, next_cursor: page.next_cursor }))
}

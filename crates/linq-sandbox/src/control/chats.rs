//! The messages, the transcript and the typing indicator of a chat, and failures in it.

use http::StatusCode;
use linq_types::{ChatId, error::ErrorCode, messages::Message};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    call::Call,
    json,
    page::ChatRow,
    response::{Answer, ApiResponse},
    shared::Shared,
    transcript,
};

/// All chats, those first that changed last.
pub(super) fn all(shared: &Shared) -> ApiResponse {
    shared.read(|store| {
        let chats = store.conversations.changed_chats(0, usize::MAX);
        let now = shared.clock.now();
        let chats: Vec<_> = chats.into_iter().map(|chat| ChatRow::new(now, store, chat)).collect();
        ApiResponse::json(StatusCode::OK, &json!({ "chats": chats }))
    })
}

pub(super) fn list(messages: &[Message]) -> ApiResponse {
    #[derive(Serialize)]
    struct Body<'a> {
        messages: &'a [Message],
    }

    ApiResponse::json(StatusCode::OK, &Body { messages })
}

pub(super) fn messages(shared: &Shared, chat_id: &str) -> Answer {
    shared.read(|store| {
        store.chat(chat_id)?;
        Ok(list(&store.messages_of(&ChatId::from(chat_id))))
    })
}

pub(super) fn transcript(shared: &Shared, chat_id: &str) -> Answer {
    shared.read(|store| {
        store.chat(chat_id)?;
        let transcript = transcript::transcript(store, &ChatId::from(chat_id));
        Ok(ApiResponse::json(StatusCode::OK, &json!({ "transcript": transcript })))
    })
}

pub(super) fn typing(shared: &Shared, chat_id: &str) -> Answer {
    shared.read(|store| {
        let chat_id = &store.chat(chat_id)?.id;
        let shows_typing = store.shows_typing(shared.clock.now(), chat_id);
        Ok(ApiResponse::json(StatusCode::OK, &json!({ "shows_typing": shows_typing })))
    })
}

pub(super) fn fail_next_update(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Answer {
    #[derive(Deserialize)]
    struct FailNextUpdate {
        code: ErrorCode,
    }

    let FailNextUpdate { code } = json::read(call.body)?;
    shared.change(|store, _| store.fail_next_update(&chat_id.into(), code))?;
    Ok(ApiResponse::no_content())
}

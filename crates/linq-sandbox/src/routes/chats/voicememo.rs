use http::{Method, StatusCode};
use linq_types::{ChatId, chats::NewVoiceMemo};
use serde::Serialize;

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
    views::VoiceMemoView,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(send(shared, call, chat_id)),
        _ => None,
    }
}

fn send(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let memo: NewVoiceMemo = json::read(call.body)?;
    let chat_id = ChatId::from(chat_id);
    shared.change(|store, now| {
        let message_id = store.send_voice_memo(now, &chat_id, memo, call.trace_id)?;
        accepted(store, message_id.as_str())
    })
}

fn accepted(store: &Store, message_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        voice_memo: VoiceMemoView<'a>,
    }

    let (message, file) = store.voice_memo(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    let voice_memo = VoiceMemoView::new(chat, message, file);
    Ok(Answer::json(StatusCode::ACCEPTED, &Body { voice_memo }))
}

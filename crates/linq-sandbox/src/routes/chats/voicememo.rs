use http::StatusCode;
use linq_types::{ChatId, chats::NewVoiceMemo};
use serde::Serialize;

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
    views::VoiceMemoView,
};

pub(crate) fn send(shared: &Shared, call: &Call<'_>) -> Answer {
    let memo: NewVoiceMemo = json::read(call.body)?;
    let chat_id = ChatId::from(call.id());
    shared.change(|store, now| {
        let message_id = store.send_voice_memo(now, &chat_id, memo, call.trace_id)?;
        accepted(store, message_id.as_str())
    })
}

fn accepted(store: &Store, message_id: &str) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        voice_memo: VoiceMemoView<'a>,
    }

    let (message, file) = store.voice_memo(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    let voice_memo = VoiceMemoView::new(chat, message, file);
    Ok(ApiResponse::json(StatusCode::ACCEPTED, &Body { voice_memo }))
}

pub(super) mod poll;
mod reactions;
mod thread;
mod update;

use http::{Method, StatusCode};
use linq_types::{
    ChatId, Handle, MessageId, Service,
    error::ErrorCode,
    messages::{FromSelectionReason, NewMessage, UpdateMessage},
};
use serde::Serialize;

use super::{Answer, Call};
use crate::{
    error::ApiError,
    handle, json, parts,
    shared::Shared,
    store::{Outgoing, Selection, Store},
    views::{HandleView, MessageView, SentMessageView},
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, [message_id]) => retrieve(shared, message_id),
        (&Method::PATCH, [message_id]) => edit(shared, call, message_id),
        (&Method::DELETE, [message_id]) => delete(shared, message_id),
        (_, [message_id, "poll", rest @ ..]) => return poll::answer(shared, call, message_id, rest),
        (_, [message_id, "reactions", rest @ ..]) => {
            return reactions::answer(shared, call, message_id, rest);
        }
        (_, [message_id, "thread"]) => return thread::answer(shared, call, message_id),
        (_, [message_id, "update"]) => return update::answer(shared, call, message_id),
        _ => return None,
    })
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut asked: NewMessage = json::read(call.body)?;
    for (at, handle) in asked.to.iter().enumerate() {
        handle::check(&format!("to[{at}]"), handle)?;
    }
    parts::check(&asked.message)?;
    if asked.continuation_message.as_ref().is_some_and(|continuation| continuation.text.is_empty()) {
        return Err(ApiError::new(ErrorCode::INVALID_CONTENT, "`continuation_message.text` is empty"));
    }
    let key = call.idempotency_key(asked.message.idempotency_key.as_ref())?;
    asked.message.idempotency_key = key.clone();
    let outgoing = Outgoing::new(asked.message.clone(), asked.override_optout, call.trace_id);
    shared.change(|store, now| {
        store.send_once(now, key, call.digest(), created, |store| {
            store.send_from_any_line(now, outgoing, &asked)
        })
    })
}

fn created(store: &Store, message_id: &MessageId) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        created_new_chat: bool,
        from: &'a Handle,
        from_selection: FromSelection<'a>,
        handles: Vec<HandleView<'a>>,
        is_group: bool,
        message: SentMessageView<'a>,
        service: &'a Service,
        previous_chat_id: Option<&'a ChatId>,
    }

    #[derive(Serialize)]
    struct FromSelection<'a> {
        reason: &'a FromSelectionReason,
        reused_existing_chat: bool,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let Selection { reason, created_new_chat, previous_chat_id } = message.selection()?;
    let body = Body {
        chat_id: &chat.id,
        created_new_chat: *created_new_chat,
        from: &chat.line,
        from_selection: FromSelection { reason, reused_existing_chat: !created_new_chat },
        handles: chat.members.iter().map(|member| HandleView::new(chat, member)).collect(),
        is_group: chat.is_group(),
        message: SentMessageView::new(chat, message),
        service: &message.service,
        previous_chat_id: previous_chat_id.as_ref(),
    };
    Ok(Answer::json(StatusCode::ACCEPTED, &body))
}

fn retrieve(shared: &Shared, message_id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| found(store, message_id))
}

fn found(store: &Store, message_id: &str) -> Result<Answer, ApiError> {
    let message = store.message(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    Ok(Answer::json(StatusCode::OK, &MessageView::new(chat, message)))
}

/// JSON of another shape than an edit's is seen to end as a failure of the service.
fn edit(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let edit: UpdateMessage = match serde_json::from_slice(call.body) {
        Ok(edit) => edit,
        Err(error) if error.is_data() => {
            return Err(ApiError::new(ErrorCode::OPERATION_FAILED, format!("Cannot edit message: {error}")));
        }
        Err(_) => json::read(call.body)?,
    };
    shared.change(|store, now| {
        store.edit(now, message_id, None, edit, call.trace_id)?;
        found(store, message_id)
    })
}

fn delete(shared: &Shared, message_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, _| store.delete_message(message_id))?;
    Ok(Answer::no_content())
}

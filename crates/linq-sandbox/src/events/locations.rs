use linq_types::{ChatId, Handle};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Chat, Sharing},
};

#[derive(Serialize)]
struct Data<'a> {
    chat_id: &'a ChatId,
    shared_by: &'a Handle,
    shared_with: &'a Handle,
    began_at: Moment,
    #[serde(flatten)]
    end: End,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum End {
    EndsAt(Option<Moment>),
    EndedAt(Moment),
}

/// `data` of `location.sharing.started`.
pub(crate) fn sharing_started(chat: &Chat, sharing: &Sharing) -> Box<RawValue> {
    data(chat, sharing, End::EndsAt(sharing.ends_at))
}

/// `data` of `location.sharing.stopped`.
pub(crate) fn sharing_stopped(now: Moment, chat: &Chat, sharing: &Sharing) -> Box<RawValue> {
    data(chat, sharing, End::EndedAt(now))
}

fn data(chat: &Chat, sharing: &Sharing, end: End) -> Box<RawValue> {
    json::raw(&Data {
        chat_id: &chat.id,
        shared_by: &sharing.by,
        shared_with: &chat.line,
        began_at: sharing.began_at,
        end,
    })
}

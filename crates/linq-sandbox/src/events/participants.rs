use linq_types::{ChatId, Handle};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Chat, Member},
    views::HandleView,
};

/// `data` of `participant.added`, and of `participant.removed` once the member is gone.
pub(crate) fn participant(chat: &Chat, member: &Member) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_id: &'a ChatId,
        handle: &'a Handle,
        participant: HandleView<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        added_at: Option<Moment>,
        #[serde(skip_serializing_if = "Option::is_none")]
        removed_at: Option<Moment>,
    }

    let removed_at = member.departure.map(|departure| departure.at);
    json::raw(&Data {
        chat_id: &chat.id,
        handle: &member.handle,
        participant: HandleView::new(chat, member),
        added_at: removed_at.is_none().then_some(member.joined_at),
        removed_at,
    })
}

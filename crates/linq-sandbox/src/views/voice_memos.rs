use linq_types::{ChatId, Handle, MessageId, Service};
use serde::Serialize;

use super::handles::HandleView;
use crate::{
    clock::Moment,
    model::{Chat, Media, Message},
};

/// A voice memo in the response to its sending.
#[derive(Serialize)]
pub(crate) struct VoiceMemoView<'a> {
    id: &'a MessageId,
    chat: InChat<'a>,
    from: &'a Handle,
    to: Vec<Handle>,
    status: &'static str,
    voice_memo: FileView<'a>,
    service: &'a Service,
    created_at: Moment,
}

#[derive(Serialize)]
struct InChat<'a> {
    id: &'a ChatId,
    handles: Vec<HandleView<'a>>,
    is_active: bool,
    is_group: bool,
    service: &'a Service,
}

#[derive(Serialize)]
struct FileView<'a> {
    id: &'a str,
    filename: &'a str,
    mime_type: &'a str,
    size_bytes: u64,
    url: &'a str,
    duration_ms: Option<u64>,
}

impl<'a> VoiceMemoView<'a> {
    pub(crate) fn new(chat: &'a Chat, message: &'a Message, file: &'a Media) -> Self {
        Self {
            id: &message.id,
            chat: InChat {
                id: &chat.id,
                handles: chat.members.iter().map(|member| HandleView::new(chat, member)).collect(),
                is_active: chat.is_active(),
                is_group: chat.is_group(),
                service: &chat.service,
            },
            from: &message.sender,
            to: chat.others(),
            status: "accepted",
            voice_memo: FileView {
                id: &file.id,
                filename: &file.filename,
                mime_type: &file.mime_type,
                size_bytes: file.size_bytes,
                url: &file.url,
                duration_ms: None,
            },
            service: &message.service,
            created_at: message.created_at,
        }
    }
}

use linq_types::{
    ChatId, MessageId, TraceId, chats::NewVoiceMemo, error::ErrorCode, messages::MessageContent,
};

use super::Store;
use crate::{
    clock::Moment,
    error::ApiError,
    model::{Content, Media, Message, Outgoing},
};

const FORMATS: [&str; 8] = ["mp3", "m4a", "aac", "caf", "wav", "aif", "aiff", "amr"];

impl Store {
    /// Your line sends an audio file as a voice memo.
    pub(crate) fn send_voice_memo(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        memo: NewVoiceMemo,
        trace_id: &TraceId,
    ) -> Result<MessageId, ApiError> {
        let chat = self.active_chat(chat_id.as_str())?;
        let (line, others) = (chat.line.clone(), chat.others());
        let NewVoiceMemo { voice_memo_url: url, attachment_id, override_optout, .. } = memo;
        if url.is_some() == attachment_id.is_some() {
            return Err(ApiError::invalid(
                "exactly one of `voice_memo_url` and `attachment_id` must be given",
            ));
        }
        if url.as_deref().is_some_and(|url| !url.starts_with("https://")) {
            return Err(ApiError::invalid("`voice_memo_url` must be an https address"));
        }
        let outgoing = Outgoing::new(MessageContent::default(), override_optout, trace_id);
        self.check_recipients(now, &line, &others, outgoing.override_optout)?;
        let file = self.intake(now).fetch(url, attachment_id.as_ref())?;
        check_format(&file)?;
        Ok(self.push_outgoing(now, chat_id, line, &others, vec![Content::Media(file)], outgoing))
    }

    /// Returns the message that carries a voice memo, and its audio file.
    pub(crate) fn voice_memo(&self, message_id: &str) -> Result<(&Message, &Media), ApiError> {
        let message = self.message(message_id)?;
        match message.parts.first().map(|part| &part.content) {
            Some(Content::Media(file)) => Ok((message, file)),
            _ => Err(ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "voice memo", message_id)),
        }
    }
}

fn check_format(file: &Media) -> Result<(), ApiError> {
    let extension = file.filename.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension {
        Some(extension) if !FORMATS.contains(&extension.as_str()) => Err(ApiError::new(
            ErrorCode::MEDIA_TYPE_NOT_ALLOWED,
            format!("a voice memo must be one of {}", FORMATS.join(", ")),
        )),
        _ => Ok(()),
    }
}

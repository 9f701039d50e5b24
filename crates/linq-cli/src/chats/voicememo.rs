use clap::Args;
use linq::types::{
    AttachmentId, ChatId,
    chats::{NewVoiceMemo, VoiceMemoSendResponse},
};

use crate::{api_options::ApiOptions, failure::Failure, output::Style};

/// Send a voice memo into a chat. The response is printed as JSON unless standard output is a terminal.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq chats voicememo 550e8400-e29b-41d4-a716-446655440000 --url https://example.com/memo.m4a\n"
)]
pub(super) struct Arguments {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// The `https` URL of the audio file (MP3, M4A, AAC, CAF, WAV, AIFF or AMR), which the API downloads.
    #[arg(long, value_name = "URL", required_unless_present = "attachment")]
    url: Option<String>,
    /// The id of an uploaded audio file.
    #[arg(long, value_name = "ATTACHMENT_ID", conflicts_with = "url")]
    attachment: Option<AttachmentId>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let memo = match &self.attachment {
            Some(attachment) => NewVoiceMemo::from_attachment(attachment),
            None => NewVoiceMemo::from_url(self.url.as_deref().unwrap_or_default()),
        };
        let accepted = |sent: &VoiceMemoSendResponse, style: &Style| {
            let memo = &sent.voice_memo;
            format!("{}\n", style.done(&format!("Voice memo {} accepted (chat {})", memo.id, memo.chat.id)))
        };
        let call = client.chats().send_voicememo(&self.chat, memo);
        self.options.output.or_json_in_pipes().show_call(call, accepted).await
    }
}

use std::io::stdin;

use clap::Args;
use linq::types::{
    ChatId, Handle, MessageId, json,
    messages::{MessageContent, MessageSendResponse},
    parts::ReplyTo,
};

use crate::{
    api_options::ApiOptions,
    chats::{EffectOption, accepted},
    failure::Failure,
    input::{Input, MessageText},
    output::{Style, print_body},
};

/// Send a text into a chat.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq messages send 550e8400-e29b-41d4-a716-446655440000 --message \"Hello\"\n  linq messages send 550e8400-e29b-41d4-a716-446655440000 -m \"We won!\" --effect fireworks\n  linq messages send 550e8400-e29b-41d4-a716-446655440000 -m Yes --reply-to 69a37c7d-af4f-4b5e-af42-e28e98ce873a\n"
)]
pub(super) struct Arguments {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// Accepted and not sent: the line of the chat sends.
    #[arg(long, value_name = "PHONE")]
    from: Option<Handle>,
    /// The text. `@FILE` reads it from a file and `-` from standard input; `@@` is a text that starts with `@`.
    #[arg(long, short, value_name = "TEXT", allow_hyphen_values = true, value_parser = MessageText)]
    message: Input,
    #[command(flatten)]
    effect: EffectOption,
    /// The id of the message that this one replies to.
    #[arg(long, value_name = "MESSAGE_ID")]
    reply_to: Option<MessageId>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let text = self.message.read_text(&mut stdin())?;
        let client = self.options.account.client()?;
        let mut message = self.effect.apply(MessageContent::from(text));
        if let Some(message_id) = self.reply_to.as_ref().filter(|id| !id.as_str().is_empty()) {
            message = message.reply_to(ReplyTo::new(message_id).part_index(0));
        }
        let call = client.chats().messages(&self.chat).send(message);
        if !self.options.output.json {
            return self.options.output.show_call(call, sent).await;
        }
        let body = call.raw().await?;
        print_body(&body)?;
        let sent: Option<MessageSendResponse> = json::from_slice(&body).ok();
        accepted(sent.as_ref().and_then(|sent| sent.message.delivery_status.as_ref()))
    }
}

fn sent(sent: &MessageSendResponse, style: &Style) -> String {
    format!("{}\n", style.done(&format!("Message {} accepted (chat {})", sent.message.id, sent.chat_id)))
}

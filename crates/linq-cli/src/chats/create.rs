use std::io::stdin;

use clap::Args;
use linq::types::{
    ChatHandle, Handle,
    chats::{ChatCreateResponse, NewChat},
    json,
    messages::{DeliveryStatus, MessageContent},
    parts::Effect,
};

use crate::{
    api_options::ApiOptions,
    failure::Failure,
    input::{Input, MessageText},
    known_value,
    output::{Style, print_body},
};

/// Create a chat with its first message. If the line has a chat with these people, the message goes into that one.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq chats create --to +12025550199 --message \"Hello\"\n  linq chats create --to +12025550199 +12025550198 -m \"Hello, group\" --from +12025550100\n  linq chats create --to casey@example.com --message @hello.txt --json\n"
)]
pub(super) struct Arguments {
    /// The phone number (E.164, such as +12025550199) or email address of a recipient. Several make a group.
    #[arg(long, value_name = "HANDLE", num_args = 1.., required = true)]
    to: Vec<Handle>,
    /// Your phone number that sends, in E.164 form. By default that of the environment or the profile.
    #[arg(long, value_name = "PHONE")]
    from: Option<Handle>,
    /// The text. `@FILE` reads it from a file and `-` from standard input; `@@` is a text that starts with `@`.
    #[arg(long, short, value_name = "TEXT", allow_hyphen_values = true, value_parser = MessageText)]
    message: Input,
    #[command(flatten)]
    effect: EffectOption,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

/// The effect of a message.
#[derive(Debug, Args)]
pub(crate) struct EffectOption {
    /// The effect that plays when the message arrives by iMessage.
    #[arg(long, value_name = "NAME", value_parser = known_value::effect())]
    effect: Option<Effect>,
}

impl EffectOption {
    pub(crate) fn apply(&self, message: MessageContent) -> MessageContent {
        match &self.effect {
            Some(effect) => message.effect(effect.clone()),
            None => message,
        }
    }
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let text = self.message.read_text(&mut stdin())?;
        let from = self.options.line(self.from.as_ref())?;
        let client = self.options.account.client()?;
        let message = self.effect.apply(MessageContent::from(text));
        let call = client.chats().create(NewChat::new(from, self.to.iter().cloned(), message));
        if !self.options.output.json {
            return self.options.output.show_call(call, created).await;
        }
        let body = call.raw().await?;
        print_body(&body)?;
        let created: Option<ChatCreateResponse> = json::from_slice(&body).ok();
        accepted(created.as_ref().and_then(|created| created.chat.message.delivery_status.as_ref()))
    }
}

/// Returns an error if the message in the response of a send has failed.
pub(crate) fn accepted(status: Option<&DeliveryStatus>) -> Result<(), Failure> {
    match status {
        Some(DeliveryStatus::Failed) => {
            Err(Failure::new("the API reports the message as failed").with_kind("Api"))
        }
        _ => Ok(()),
    }
}

fn created(created: &ChatCreateResponse, style: &Style) -> String {
    let chat = &created.chat;
    let people = others(&chat.handles);
    let people = if people.is_empty() { String::new() } else { format!(" for {people}") };
    let sentence = format!("Message {} accepted{people} (chat {})", chat.message.id, chat.id);
    format!("{}\n", style.done(&sentence))
}

/// Returns the handles of the participants other than your line.
pub(super) fn others(handles: &[ChatHandle]) -> String {
    let others = handles.iter().filter(|handle| handle.is_me != Some(true));
    others.map(|handle| handle.handle.as_str()).collect::<Vec<_>>().join(", ")
}

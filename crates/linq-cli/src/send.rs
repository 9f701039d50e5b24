//! `linq send`: one message, to people or into a chat.

mod destination;
mod files;
mod wait;

use std::{io::stdin, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use linq::{
    Error, ErrorKind,
    types::{
        Handle, IdempotencyKey, MessageId, Service,
        check::Check as _,
        messages::{MessageContent, MessageSendResponse, NewChatMessage},
        parts::{Effect, Part},
    },
};

use self::{destination::Destination, wait::WaitFor};
use crate::{
    account::Account,
    duration::parse_duration,
    exit_code,
    failure::Failure,
    input::Input,
    known_value,
    output::{Output, Style},
};

/// Send a message to people, or into a chat.
///
/// The first message to people creates their chat, and later ones go into it. Files are uploaded first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  linq send +12025550199 \"On my way\"
  linq send +12025550199,casey@example.com \"Hello, both\" --from +12025550100
  linq send 550e8400-e29b-41d4-a716-446655440000 \"We won!\" --effect confetti --wait delivered
  linq send +12025550199 \"Look!\" --file cup.jpg --file stadium.mp4
  linq send +12025550199 @note.txt --json
  date | linq send +12025550199 -
")]
pub(crate) struct Arguments {
    /// The phone number (E.164, such as +12025550199) or email address of the recipient, several with commas for a group,
    /// or the id of a chat.
    to: String,
    /// The text. `@FILE` reads it from a file and `-` from standard input; `@@` is a text that starts with `@`.
    #[arg(required_unless_present = "file")]
    text: Option<Input>,
    /// Your phone number that sends, in E.164 form. By default that of the environment or the profile. A chat has its own.
    #[arg(long, value_name = "PHONE")]
    from: Option<Handle>,
    /// A file to send after the text, of up to 100 MiB. Can be repeated.
    #[arg(long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// The effect that plays when the message arrives by iMessage. The first message of a chat must not have one.
    #[arg(long, value_name = "NAME", value_parser = known_value::effect())]
    effect: Option<Effect>,
    /// The id of the message to reply to.
    #[arg(long, value_name = "MESSAGE_ID")]
    reply_to: Option<MessageId>,
    /// The service to send by. By default the API chooses it.
    #[arg(long, value_name = "SERVICE")]
    service: Option<ServiceName>,
    /// Wait until the message is sent, delivered or read. SMS reports neither delivery nor reading, so there it is sent.
    #[arg(long, value_name = "STATUS")]
    wait: Option<WaitFor>,
    /// How long to wait, such as 30s or 5m.
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = parse_duration, requires = "wait")]
    timeout: Duration,
    /// The idempotency key, to repeat a send whose outcome is unknown: with the same key, the message is sent once.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<IdempotencyKey>,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ServiceName {
    Imessage,
    Rcs,
    Sms,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let destination = Destination::parse(&self.to, || self.account.line(self.from.as_ref()))?;
        let text = self.text.as_ref().map(|text| text.read_text(&mut stdin())).transpose()?;
        let mut parts: Vec<_> = text.map(Part::text).into_iter().collect();
        if !parts.is_empty() {
            let checked = MessageContent::new(parts.clone()).check();
            checked.map_err(|violation| invalid(format!("invalid message: {violation}")))?;
        }
        let files = files::open(&self.file)?;
        let client = self.account.client()?;
        for file in files {
            parts.push(file.upload(&client, self.output).await?);
        }
        let message = self.message(parts);
        let sent = match destination {
            Destination::Chat(chat) => client.chats().messages(chat).send(message).await,
            Destination::People { from, to } => client.chats().open(from, to).send(message).await,
        };
        let sent = sent.map_err(unsent)?;
        let printed = self.output.show(&sent, accepted);
        printed.map_err(|failure| failure.with_note("the message was sent, and its ids are lost"))?;
        match self.wait {
            Some(status) => wait::wait(&client, &sent.message.id, status, self.timeout).await,
            None => Ok(()),
        }
    }

    fn message(&self, parts: Vec<Part>) -> NewChatMessage {
        let mut message = MessageContent::new(parts);
        message.effect.clone_from(&self.effect);
        message.reply_to = self.reply_to.clone().map(Into::into);
        message.preferred_service = self.service.map(|service| match service {
            ServiceName::Imessage => Service::IMessage,
            ServiceName::Rcs => Service::Rcs,
            ServiceName::Sms => Service::Sms,
        });
        message.idempotency_key.clone_from(&self.idempotency_key);
        message.into()
    }
}

/// If the outcome is unknown, the failure says how to repeat the send without sending twice, in place of what the error says
/// about that.
fn unsent(error: Error) -> Failure {
    const REMEDY: &str = "; it may have been executed: repeat it only with the same idempotency key";

    let key =
        error.idempotency_key().filter(|_| error.maybe_sent() && error.kind() != ErrorKind::FailedMessage);
    let note = key.map(|key| {
        format!(
            "the message may have been sent; to repeat it without sending it twice: --idempotency-key {key}"
        )
    });
    let failure = Failure::from(error);
    match note {
        Some(note) => {
            let message = failure.message.replace(REMEDY, "");
            failure.with_message(message).with_note(&note)
        }
        None => failure,
    }
}

fn accepted(sent: &MessageSendResponse, style: &Style) -> String {
    let sentence = format!("Message {} accepted (chat {})", sent.message.id, sent.chat_id);
    format!("{}\n", style.done(&sentence))
}

fn invalid(message: String) -> Failure {
    Failure::new(message).with_kind("InvalidRequest").with_exit_code(exit_code::USAGE)
}

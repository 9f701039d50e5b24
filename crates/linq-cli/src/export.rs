//! `linq export`: every message of a chat, as JSON lines.

mod attachments;
mod exported;
mod page;
mod part;

use std::path::{Path, PathBuf};

use clap::Args;
use linq::{
    Client,
    types::{ChatId, Timestamp, escape},
};
use serde_json::json;

use self::{
    attachments::Attachments,
    exported::Exported,
    page::{Page, fetch},
    part::Part,
};
use crate::{
    account::Account,
    exit_code,
    failure::Failure,
    output::{Output, print_json},
    progress::message_counter,
    terminal::print,
};

/// Export every message of a chat: one per line, in the JSON of the API, the oldest first.
///
/// The API lists the newest messages first. They are collected in FILE.part, page by page, and written to FILE in the end. If it
/// is stopped, run the same command again: it goes on with the next page. If FILE is complete, only the messages after its last
/// one are added.
///
/// With `--out -`, messages are printed as they come: the newest first.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Leave out messages that were created before this time (RFC 3339, such as 2026-11-01 or 2026-11-01T09:30:00Z).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<Timestamp>,
    /// Download the files of the messages into this folder, named by their attachment ids. Those that are there are kept.
    #[arg(long, value_name = "FOLDER")]
    attachments: Option<PathBuf>,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

const AFTER_HELP: &str = "\
Examples:
  linq export 550e8400-e29b-41d4-a716-446655440000 --out chat.jsonl
  linq export 550e8400-e29b-41d4-a716-446655440000 --out chat.jsonl --attachments media
  linq export 550e8400-e29b-41d4-a716-446655440000 --since 2026-11-01 --out - | jq .id
";

fn parse_time(text: &str) -> Result<Timestamp, &'static str> {
    let time = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    time.map_err(|_| "expected a date or time such as 2026-11-01 or 2026-11-01T09:30:00Z")
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let client = self.account.client()?;
        let mut attachments = self.attachments.as_deref().map(Attachments::new).transpose()?;
        if self.out == Path::new("-") {
            self.print(&client, attachments.as_mut()).await?;
        } else {
            self.write(&client, attachments.as_mut()).await?;
        }
        attachments.map_or(Ok(()), |attachments| attachments.check())
    }

    /// Prints the messages as they come.
    async fn print(&self, client: &Client, mut attachments: Option<&mut Attachments>) -> Result<(), Failure> {
        let mut seen = Exported::default();
        let mut page = Page::default();
        while !page.is_last {
            page = fetch(client, &self.chat, page.next_cursor.as_deref()).await?;
            page.keep_new(&Exported::default(), &mut seen, self.since.as_ref());
            let lines = page.messages.iter().map(|message| format!("{}\n", escape(message.get())));
            print(&lines.collect::<String>())?;
            if let Some(attachments) = &mut attachments {
                for message in &page.messages {
                    attachments.download(client, message.get()).await?;
                }
            }
        }
        Ok(())
    }

    async fn write(&self, client: &Client, attachments: Option<&mut Attachments>) -> Result<(), Failure> {
        if self.out.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(usage("cannot export into this file: not a regular file".to_owned()));
        }
        let mut part = Part::open(&self.out, &self.chat, self.since.as_ref())?;
        let exported = Exported::read(&self.out, part.start(), &self.chat)?;
        let before = exported.len();
        let counter = message_counter(self.output);
        while !part.is_complete() {
            counter.set_position(part.seen.len() as u64);
            let page = fetch(client, &self.chat, part.cursor()).await;
            let mut page = page.map_err(|failure| match failure.exit_code {
                exit_code::RATE_LIMITED | exit_code::UNREACHABLE => {
                    failure.with_note("run the same command again to go on")
                }
                _ => failure,
            })?;
            page.keep_new(&exported, &mut part.seen, self.since.as_ref());
            part.add(&page)?;
        }
        counter.finish_and_clear();
        let new = part.finish(&self.out)?;
        if let Some(attachments) = attachments {
            attachments.download_all(client, &self.out).await?;
        }
        match self.output.json {
            true => print_json(&json!({ "chat_id": self.chat, "new": new, "messages": before + new })),
            false => print(&format!("{new} new messages, {} in the file\n", before + new)),
        }
    }
}

/// A failure to read or write a file.
fn of_file(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot access {what}: {error}")).with_kind("File")
}

fn usage(message: String) -> Failure {
    Failure::new(message).with_kind("File").with_exit_code(exit_code::USAGE)
}

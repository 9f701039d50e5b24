//! A command-line tool that sends messages and lists chats, with the blocking client and without an async runtime.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Result;
use clap::{Parser, Subcommand};
use linq::{
    UreqBackend,
    blocking::Client,
    types::{
        ChatId, Handle,
        chats::NewChat,
        escape,
        messages::{DeliveryStatus, Message},
        parts::PartResponse,
    },
};

/// Sends messages and reads chats with the Linq API.
///
/// Reads the API key from LINQ_API_V3_API_KEY, and the base URL from LINQ_API_V3_BASE_URL if it is set.
#[derive(Parser)]
#[command(name = "message")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends a message, in the existing chat with the recipient or in a new one
    Send {
        /// Your line, such as +12025550100
        #[arg(long)]
        from: Handle,
        /// The recipient, such as +12025550199
        #[arg(long)]
        to: Handle,
        /// The text; `-` reads it from standard input, where other users of the machine cannot see it
        text: String,
    },
    /// Lists all chats
    Chats,
    /// Shows the messages of a chat
    Read { chat: String },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("message: {}", escape(format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let client = Client::from_env(UreqBackend::new())?;
    let mut stdout = io::stdout();
    match command {
        Command::Send { from, to, text } => {
            let text = if text == "-" { io::read_to_string(io::stdin())? } else { text };
            let chat = client.chats().create(NewChat::new(from, [to], text)).call()?.chat;
            let status = chat.message.delivery_status.as_ref().map_or("accepted", DeliveryStatus::as_str);
            writeln!(stdout, "{} [{}]", escape(chat.id), escape(status))?;
        }
        Command::Chats => {
            for chat in client.chats().list().items() {
                let chat = chat?;
                let name = chat.display_name.as_deref().unwrap_or("(no name)");
                writeln!(stdout, "{} {}", escape(chat.id), escape(name))?;
            }
        }
        Command::Read { chat } => {
            for message in client.chats().messages(ChatId::from(chat)).list().items() {
                show(&message?, &mut stdout)?;
            }
        }
    }
    Ok(())
}

fn show(message: &Message, stdout: &mut impl Write) -> io::Result<()> {
    let who = if message.is_from_me == Some(true) { "me" } else { "them" };
    for text in message.parts.iter().filter_map(PartResponse::as_text) {
        writeln!(stdout, "{who}: {}", escape(text))?;
    }
    Ok(())
}

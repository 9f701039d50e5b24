//! Sends a text to everybody in a file, with the blocking client and without an async runtime. Each person gets it once,
//! however often the program is killed and started again.

use std::{fs, path::PathBuf, process::ExitCode, thread, time::Duration};

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use linq::{
    Pace, UreqBackend,
    blocking::Client,
    durable::{Outbox, PreparedSend, SendState, Store as _},
    sqlite::Store,
    types::{Handle, IdempotencyKey, Rate, chats::NewChat, escape, events::EventKeys},
    webhooks::block_on,
};

/// The number of sends that are made at the same time.
const THREADS: usize = 4;
/// How long a send of a process that died is left alone. An attempt takes less.
const LEASE: Duration = Duration::from_secs(10);

/// Sends a text to everybody in a file, each once. After a stop, run it again with the same name to go on.
///
/// Reads the API key from LINQ_API_V3_API_KEY, and the base URL from LINQ_API_V3_BASE_URL if it is set.
#[derive(Parser)]
struct Arguments {
    /// The name of the broadcast: nobody gets two texts of the same broadcast
    name: String,
    /// Your line, such as +12025550100
    #[arg(long)]
    from: Handle,
    /// The file with the recipients, a phone number or email address on each line
    #[arg(long)]
    to: PathBuf,
    /// The file with the text
    #[arg(long)]
    text: PathBuf,
    /// The file in which the progress is stored
    #[arg(long, default_value = "broadcast.db")]
    store: PathBuf,
    /// The most messages in any minute
    #[arg(long, default_value_t = 30)]
    per_minute: u32,
}

fn main() -> ExitCode {
    match broadcast(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("broadcast: {}", escape(format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn broadcast(arguments: &Arguments) -> Result<()> {
    let client = Client::builder().from_env().timeout(LEASE / 2).max_attempts(1);
    let client = client.build_blocking(UreqBackend::new())?;
    let store = Store::open(&arguments.store)?;
    let outbox = Outbox::new(store.clone()).queue(&format!("broadcast {}", arguments.name));

    let sends = prepare(arguments, &client, &outbox)?;
    let keys: Vec<_> = sends.iter().map(|send| send.key.clone()).collect();
    for PreparedSend { queue, item, .. } in sends {
        block_on(store.enqueue(&queue, item))?;
    }

    let pace = Pace::LINQ.per_line(Rate::new(arguments.per_minute, Duration::from_secs(60)));
    for _ in 0..THREADS {
        let dispatcher = outbox.dispatcher(client.clone()).pace(pace.clone()).lease(LEASE);
        thread::spawn(|| block_on(dispatcher.run()));
    }
    while block_on(outbox.stats())?.waiting > 0 {
        block_on(store.sleep(Duration::from_millis(200)));
    }
    report(&outbox, &keys)
}

/// Checks all recipients and the text, before anything is stored or sent.
fn prepare(arguments: &Arguments, client: &Client, outbox: &Outbox) -> Result<Vec<PreparedSend>> {
    let text = fs::read_to_string(&arguments.text).context("cannot read the text")?;
    let recipients = fs::read_to_string(&arguments.to).context("cannot read the recipients")?;
    let mut sends = Vec::new();
    for (number, line) in recipients.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let person = Handle::parse(line.trim()).with_context(|| format!("line {}", number + 1))?;
        // The same name and person have the same key in every run.
        let key = EventKeys::new(Some(&arguments.name), b"").key(person.as_str());
        let call = client.chats().create(NewChat::new(&arguments.from, [person], text.trim()));
        sends.push(outbox.with_key(key).prepare(call).with_context(|| format!("line {}", number + 1))?);
    }
    Ok(sends)
}

/// Prints what became of the sends.
fn report(outbox: &Outbox, keys: &[IdempotencyKey]) -> Result<()> {
    let mut accepted = 0;
    for (number, key) in keys.iter().enumerate() {
        let record = block_on(outbox.record(key))?.context("missing record")?;
        match (record.state, record.code) {
            (SendState::Accepted, _) => accepted += 1,
            (state, None) => println!("recipient {}: {state}", number + 1),
            (state, Some(code)) => println!("recipient {}: {state}, code {code}", number + 1),
        }
    }
    println!("{accepted} of {} accepted", keys.len());
    ensure!(accepted == keys.len(), "not everybody got the text");
    Ok(())
}

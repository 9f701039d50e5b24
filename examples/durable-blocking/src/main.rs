//! A worker without any async runtime: it handles the events that another process stored in an SQLite file, and sends the
//! answers.
//!
//! The file is the one in `STORE`, by default `bot.db`. The API key is read from `LINQ_API_V3_API_KEY`. It can be stopped and
//! killed at any time.

use std::{env, sync::Arc, thread};

use anyhow::Result;
use linq::{
    UreqBackend,
    blocking::Client,
    durable::{AddError, Inbox, Outbox},
    sqlite::Store,
    types::{
        escape,
        events::{Event, MessageReceived},
    },
    webhooks::{block_on, linq_handler},
};

/// The number of chats that are handled at the same time, and of sends that are made.
const THREADS: usize = 4;

struct Bot {
    client: Client,
    outbox: Outbox,
}

#[linq_handler(error = AddError)]
impl Bot {
    #[on]
    async fn answer(&self, event: Event<MessageReceived>) -> Result<(), AddError> {
        let text = event.data.text();
        println!("handles “{}”", escape(&text));
        let chat = self.client.chats().messages(&event.data.chat.id);
        self.outbox.once(&event, "answer").add(chat.send(format!("You wrote: {text}"))).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let store = Store::open(env::var("STORE").unwrap_or_else(|_| "bot.db".to_owned()))?;
    let client = Client::from_env(UreqBackend::new())?;
    let outbox = Outbox::new(store.clone());
    let inbox = Inbox::new(store);
    let bot = Arc::new(outbox.tracking(Bot { client: client.clone(), outbox: outbox.clone() }));
    println!("works");
    // The blocking client blocks its thread, so that each thread makes one send at a time.
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| block_on(inbox.worker(Arc::clone(&bot)).run()));
            scope.spawn(|| block_on(outbox.dispatcher(client.clone()).run()));
        }
    });
    Ok(())
}

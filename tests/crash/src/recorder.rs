use std::{
    convert::Infallible,
    fs::{File, OpenOptions},
    io::{self, Write as _},
    process,
    sync::Arc,
    time::Duration,
};

use linq_webhooks::{
    EventHandler, Outcome,
    events::{Event, EventPayload as _, Interest, MessageReceived},
};

/// A handler that writes when it begins and ends, one line each, which the operating system appends as a whole.
///
/// An event whose id begins with `poison` kills the process.
#[derive(Debug, Clone)]
pub(crate) struct Recorder(Arc<File>);

impl Recorder {
    pub(crate) fn open(path: &str) -> io::Result<Self> {
        Ok(Self(Arc::new(OpenOptions::new().append(true).create(true).open(path)?)))
    }

    fn write(&self, what: &str, event: &Event) {
        let chat = event.chat_id().map_or_else(|| "-".to_owned(), |chat| chat.as_str().to_owned());
        let line = format!("{what} {chat} {} {}\n", id_of(event), process::id());
        // A line that is missing is what the test looks for.
        drop((&*self.0).write_all(line.as_bytes()));
    }
}

fn id_of(event: &Event) -> &str {
    event.event_id.as_ref().map_or("-", |id| id.as_str())
}

impl EventHandler for Recorder {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
        self.write("begin", &event);
        if id_of(&event).starts_with("poison") {
            process::abort();
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
        self.write("end", &event);
        Ok(Outcome::Handled)
    }
}

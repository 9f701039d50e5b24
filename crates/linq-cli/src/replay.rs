//! `linq replay`: sends recorded events again.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read as _, stdin},
    path::PathBuf,
    time::Duration,
};

use clap::Args;
use indicatif::ProgressBar;
use linq::{types::events::EventType, webhooks::Signer};
use serde_json::json;
use tokio::time::sleep;

use self::{recorded_event::RecordedEvent, speed::Speed};
use crate::{
    failure::Failure,
    output::Output,
    progress::bytes_bar,
    secret::Secret,
    target::Target,
    target_url::TargetUrl,
    terminal::{print, print_on_stderr, say_warning},
    tried::{Tally, Tried},
};

mod recorded_event;
mod speed;

/// The maximum length of a line, in bytes.
const MAX_LINE: u64 = 8 * 1024 * 1024;
/// The longest pause between two events.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Send recorded events to a receiver of webhooks again.
///
/// Reads the file of `linq listen --record`, or the output of `linq webhooks listen --json`: one event per line. The bodies
/// are sent unchanged, with the pauses that the events had, divided by the speed and at most one minute. With a secret they are signed again with the current time;
/// otherwise with the signatures that they came with, which receivers refuse after some minutes.
///
/// Exit codes: 0 the receiver accepted all; 1 it responded with another status than 2xx, or a line is not an event; 2 invalid
/// command line; 6 it did not respond.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq replay events.jsonl --to http://localhost:3000/webhook --secret my-secret --speed 10\n  linq replay events.jsonl --to http://localhost:3000/webhook --only message.received,reaction.added --speed max --new-ids"
)]
pub(crate) struct Arguments {
    /// The file with the events; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The URL of the receiver.
    #[arg(long, value_name = "URL")]
    to: TargetUrl,
    /// How much shorter the pauses are, from 0.001; `max` or 0 for no pauses.
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    speed: Speed,
    /// The types of events to send, separated by commas, instead of all.
    #[arg(long, value_name = "EVENTS", value_delimiter = ',')]
    only: Vec<EventType>,
    /// The signing secret of the receiver.
    #[arg(
        long,
        value_name = "SECRET",
        env = "LINQ_WEBHOOK_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secret: Option<Secret>,
    /// Give each event a new id, for receivers that ignore events that they had before.
    #[arg(long, overrides_with = "keep_ids")]
    new_ids: bool,
    /// Send each event with the id that it had. This is the default.
    #[arg(long, overrides_with = "new_ids")]
    keep_ids: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let signer = match &self.secret {
            Some(secret) => Some(Signer::new(secret.expose()).map_err(|error| error.to_string())?),
            None => None,
        };
        let (mut lines, size): (Box<dyn BufRead + Send>, u64) = match self.file.as_os_str() == "-" {
            true => (Box::new(BufReader::new(stdin())), 0),
            false => {
                let file = File::open(&self.file).map_err(|error| unreadable(&error))?;
                let size = file.metadata().map_err(|error| unreadable(&error))?.len();
                (Box::new(BufReader::new(file)), size)
            }
        };
        if signer.is_none() {
            say_warning(match self.new_ids {
                true => "without --secret events with new ids are not signed",
                false => {
                    "without --secret events keep the signatures that they came with, which receivers refuse after some minutes"
                }
            })?;
        }
        let bar = bytes_bar(size, self.output);
        let replayed = self.replay(&mut *lines, signer.as_ref(), &bar).await;
        bar.finish_and_clear();
        let Replayed { tally, skipped, invalid } = replayed?;
        let sent = tally.accepted + tally.refused + tally.unreachable;
        if self.output.json {
            let summary = json!({ "type": "summary", "sent": sent, "accepted": tally.accepted, "skipped": skipped, "invalid": invalid });
            print_on_stderr(&format!("{summary}\n"))?;
        } else {
            let accepted = tally.accepted;
            print(&format!(
                "{sent} sent, {accepted} accepted, {skipped} skipped, {invalid} invalid lines\n"
            ))?;
        }
        tally.check()?;
        match invalid {
            0 => Ok(()),
            _ => Err(Failure::new(format!("{invalid} lines are not events")).with_kind("InvalidLines")),
        }
    }

    async fn replay(
        &self,
        lines: &mut (dyn BufRead + Send),
        signer: Option<&Signer>,
        bar: &ProgressBar,
    ) -> Result<Replayed, Failure> {
        let target = Target::new(self.to.clone())?;
        let mut replayed = Replayed::default();
        let mut previous = None;
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let length = (&mut *lines).take(MAX_LINE + 1).read_until(b'\n', &mut line);
            let length = length.map_err(|error| unreadable(&error))? as u64;
            if length == 0 {
                break;
            }
            if length > MAX_LINE {
                return Err(format!("line {number} is longer than {MAX_LINE} bytes").into());
            }
            bar.inc(length);
            if line.trim_ascii().is_empty() {
                continue;
            }
            let Some(event) = RecordedEvent::parse(&line) else {
                replayed.invalid += 1;
                bar.suspend(|| {
                    say_warning(&format!("line {number} is neither a recorded delivery nor an event"))
                })?;
                continue;
            };
            if !self.only.is_empty() && !self.only.contains(&event.event_type) {
                replayed.skipped += 1;
                continue;
            }
            if let (Some(previous), Some(time)) = (&previous, &event.time) {
                sleep(self.speed.pause(previous, time).min(MAX_PAUSE)).await;
            }
            previous = event.time.or(previous);
            let webhook = event.webhook(signer, self.new_ids)?;
            let post = target.post(&webhook.headers, webhook.body);
            let tried = Tried::send(event.event_type.to_string(), webhook.event_id, post).await;
            bar.suspend(|| tried.print(self.output))?;
            replayed.tally.count(&tried);
        }
        Ok(replayed)
    }
}

#[derive(Debug, Default)]
struct Replayed {
    tally: Tally,
    skipped: u64,
    invalid: u64,
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::new(format!("cannot read the file: {error}")).with_kind("Input")
}

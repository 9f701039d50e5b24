//! `linq broadcast`: one message each to the people of a file, exactly once.

mod messages;
mod pacing;
mod report;
mod rows;
mod sending;
mod source;
mod state;
mod template;

use std::{io::stdin, path::PathBuf, time::Duration};

use clap::Args;
use linq::{
    Client,
    types::{Handle, escape},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use self::{
    messages::{Message, Messages},
    pacing::Pacing,
    report::Report,
    rows::Invalid,
    source::hex,
    state::State,
    template::Template,
};
use crate::{
    account::Account,
    exit_code,
    failure::Failure,
    input::Input,
    output::{Output, print_json},
    terminal::{print, print_on_stderr},
};

/// How many invalid rows are shown.
const SHOWN_ERRORS: usize = 100;
/// How many messages a dry run shows.
const SHOWN_MESSAGES: usize = 3;
/// How many messages are stored at the same time.
const BATCH: usize = 256;
/// How long one attempt to send may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// Send a message to each person in a file, exactly once. Without --send, check the file and show what would be sent.
///
/// FILE is CSV, whose first line names the columns, or has a JSON object in each line. The column `to` has a phone number in
/// E.164 form or an email address. The text is in the column `text`, or made from --text. All rows are checked before the first
/// message is sent.
///
/// What was sent is recorded in FILE.linq. After a stop, run the same command again: it goes on, and nobody gets the message
/// twice. People who opted out are not sent to, and reported as refused.
///
/// Exit codes: 0 all messages are accepted; 1 some are not, or it was stopped; 2 the file is invalid, nothing was sent.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file with the recipients: CSV or JSON lines.
    file: PathBuf,
    /// The text for everybody, with the names of columns in braces: `Hello {name}`. `{{` and `}}` are braces. `@FILE` reads
    /// it from a file and `-` from standard input; `@@` is a text that starts with `@`.
    #[arg(long, value_name = "TEXT")]
    text: Option<Input>,
    /// Your phone number that sends, in E.164 form. By default that of the environment or the profile.
    #[arg(long, value_name = "PHONE")]
    from: Option<Handle>,
    /// Send the messages.
    #[arg(long)]
    send: bool,
    #[command(flatten)]
    pacing: Pacing,
    /// The file that records what was sent. By default FILE.linq.
    #[arg(long, value_name = "STATE_FILE")]
    state: Option<PathBuf>,
    /// The file to write what became of each message to: JSON lines if its name ends with .jsonl, else CSV.
    #[arg(long, value_name = "REPORT_FILE", requires = "send")]
    report: Option<PathBuf>,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

const AFTER_HELP: &str = "\
Examples:
  linq broadcast people.csv --text \"Hello {name}, we are closed on Monday\"
  linq broadcast people.csv --text \"Hello {name}, we are closed on Monday\" --send
  linq broadcast people.jsonl --from +12025550100 --per-minute 20 --send --report report.csv
";

/// A broadcast whose file was checked.
struct Plan {
    from: Handle,
    text: Option<String>,
    template: Option<Template>,
    /// The hash of the file, the text and the sender.
    digest: String,
    total: u64,
    /// The number of messages with a link.
    links: u64,
    /// The first messages.
    first: Vec<Message>,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let from = self.account.line(self.from.as_ref())?;
        let from = Handle::parse(from.as_str()).map_err(|_| {
            usage("invalid sender: expected one of your phone numbers in E.164 form".to_owned())
        })?;
        let text = self.text.as_ref().map(|text| text.read_text(&mut stdin())).transpose()?;
        let plan = self.check(from, text)?;
        match self.send {
            true => self.send(&plan).await,
            false => self.dry_run(&plan).await,
        }
    }

    /// Reads and checks the whole file.
    fn check(&self, from: Handle, text: Option<String>) -> Result<Plan, Failure> {
        let template = text.as_deref().map(Template::parse).transpose();
        let template = template.map_err(|reason| usage(format!("invalid --text: {reason}")))?;
        let mut messages = Messages::open(&self.file, template.as_ref(), &from)
            .map_err(|invalid| self.invalid(&[invalid], 1))?;
        let (mut total, mut links, mut invalid_total) = (0, 0, 0);
        let (mut first, mut invalid) = (Vec::new(), Vec::new());
        for message in messages.by_ref() {
            match message {
                Ok(message) => {
                    total += 1;
                    links += u64::from(message.has_link);
                    if first.len() < SHOWN_MESSAGES {
                        first.push(message);
                    }
                }
                Err(row) => {
                    invalid_total += 1;
                    if invalid.len() < SHOWN_ERRORS {
                        invalid.push(row);
                    }
                }
            }
        }
        if invalid_total > 0 {
            return Err(self.invalid(&invalid, invalid_total));
        }
        if total == 0 {
            return Err(usage("the file has no recipients".to_owned()));
        }
        let digest = digest(&messages, &from, text.as_deref());
        drop(messages);
        Ok(Plan { from, text, template, digest, total, links, first })
    }

    fn invalid(&self, rows: &[Invalid], total: u64) -> Failure {
        if let [Invalid { line: 0, reason }] = rows {
            return usage(format!("{reason}; nothing was sent"));
        }
        if !self.output.json {
            let lines =
                rows.iter().map(|Invalid { line, reason }| format!("line {line}: {}\n", escape(reason)));
            // The failure itself follows, whether or not the lines can be printed.
            let _ = print_on_stderr(&lines.collect::<String>());
        }
        let rows: Vec<_> =
            rows.iter().map(|Invalid { line, reason }| json!({ "line": line, "reason": reason })).collect();
        let sentence =
            if total == 1 { "1 row is invalid".to_owned() } else { format!("{total} rows are invalid") };
        usage(format!("{sentence}; nothing was sent")).with_details([("rows", rows.into())])
    }

    fn state_path(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(|| {
            let mut path = self.file.clone().into_os_string();
            path.push(".linq");
            path.into()
        })
    }

    fn messages<'a>(&self, plan: &'a Plan) -> Result<Messages<'a>, Failure> {
        Messages::open(&self.file, plan.template.as_ref(), &plan.from).map_err(|_| changed())
    }

    async fn dry_run(&self, plan: &Plan) -> Result<(), Failure> {
        let mut report = Report::new(None)?;
        let state = State::open_existing(&self.state_path(), &plan.digest).await?;
        if let Some(state) = &state {
            for message in self.messages(plan)? {
                let message = message.map_err(|_| changed())?;
                report.add(&message, state.record(&message.to).await?.as_ref())?;
            }
        }
        let left = plan.total - (report.total() - report.waiting());
        let duration = self.pacing.duration(left);
        let Pacing { per_minute, per_day } = self.pacing;
        if self.output.json {
            let first = plan.first.iter();
            let first =
                first.map(|message| json!({ "line": message.line, "to": message.to, "text": message.text }));
            return print_json(&json!({
                "dry_run": true, "from": plan.from, "recipients": plan.total, "accepted": report.accepted(), "left": left, "links": plan.links,
                "per_minute": per_minute, "per_day": per_day, "seconds": duration.as_secs(),
                "first": first.collect::<Vec<_>>(),
            }));
        }
        let mut text = format!("recipients  {}\nfrom        {}\n", plan.total, escape(&plan.from));
        if state.is_some() {
            text.push_str(&format!(
                "settled     {}, of which {} accepted\n",
                plan.total - left,
                report.accepted()
            ));
        }
        text.push_str(&format!(
            "takes       about {}, at {per_minute} a minute and {per_day} a day\n\n",
            readable(duration)
        ));
        for Message { to, text: message, .. } in &plan.first {
            text.push_str(&format!("{}: {}\n", escape(to), escape(message)));
        }
        if plan.total > plan.first.len() as u64 {
            text.push_str(&format!("and {} more\n", plan.total - plan.first.len() as u64));
        }
        if plan.links > 0 {
            text.push_str(&format!(
                "\n{} messages have a link: the API refuses them for people who have no chat with your line yet.\n",
                plan.links
            ));
        }
        text.push_str("\nNothing was sent. To send, run it again with --send.\n");
        print(&text)
    }

    async fn send(&self, plan: &Plan) -> Result<(), Failure> {
        let client = self.account.client_with(|builder| builder.max_attempts(1).timeout(ATTEMPT_TIMEOUT))?;
        check_line(&client, &plan.from).await?;
        // A report that cannot be written is an error before anything is sent.
        let mut report = Report::new(self.report.as_deref())?;
        let state = State::open(&self.state_path(), plan.digest.clone()).await?;
        self.store(plan, &state, &client).await?;
        let left = sending::send(&state, client, self.pacing.pace(), plan.total, self.output).await?;
        for message in self.messages(plan)? {
            let message = message.map_err(|_| changed())?;
            report.add(&message, state.record(&message.to).await?.as_ref())?;
        }
        report.print(self.output)?;
        if left > 0 {
            return Err(Failure::new(format!(
                "stopped: {left} of {} messages are not sent yet; run the same command again to go on",
                plan.total
            ))
            .with_kind("Interrupted"));
        }
        match plan.total - report.accepted() {
            0 => Ok(()),
            others => Err(Failure::new(format!("{others} of {} messages were not accepted", plan.total))
                .with_kind("NotAccepted")),
        }
    }

    /// Stores all messages, before the first one is sent.
    async fn store(&self, plan: &Plan, state: &State, client: &Client) -> Result<(), Failure> {
        let mut messages = self.messages(plan)?;
        loop {
            let batch =
                messages.by_ref().take(BATCH).collect::<Result<Vec<_>, _>>().map_err(|_| changed())?;
            if batch.is_empty() {
                break;
            }
            state.add(client, &plan.from, batch).await?;
        }
        match digest(&messages, &plan.from, plan.text.as_deref()) == plan.digest {
            true => Ok(()),
            false => Err(changed()),
        }
    }
}

/// Checks the API key and the line, because each message would be repeated until they are right.
async fn check_line(client: &Client, from: &Handle) -> Result<(), Failure> {
    let lines = client.phone_numbers().list().max_attempts(3).await?.phone_numbers;
    match lines.iter().any(|line| line.phone_number == *from) {
        true => Ok(()),
        false => {
            Err(usage("the sender is not a line of this account; `linq phonenumbers` lists them".to_owned()))
        }
    }
}

fn digest(messages: &Messages<'_>, from: &Handle, text: Option<&str>) -> String {
    let text = text.map(|text| hex(&Sha256::digest(text)));
    hex(&Sha256::digest(format!("{} {from} {text:?}", messages.digest())))
}

fn changed() -> Failure {
    Failure::new("the file was changed while it was read; restore it, and run the same command again")
}

fn usage(message: String) -> Failure {
    Failure::new(message).with_kind("InvalidRequest").with_exit_code(exit_code::USAGE)
}

fn readable(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds.div_ceil(60)),
        seconds @ 7_200..172_800 => format!("{} h", seconds.div_ceil(3_600)),
        seconds => format!("{} days", seconds.div_ceil(86_400)),
    }
}

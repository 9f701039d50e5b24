//! `linq trigger`: sends a sample of an event.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use linq::{
    types::{
        escape,
        events::{Event, Format},
    },
    webhooks::Signer,
};
use serde_json::{Map, Value, json};

use self::{assignment::Assignment, samples::Samples};
use crate::{
    did_you_mean::did_you_mean,
    exit_code,
    failure::Failure,
    output::Output,
    secret::Secret,
    target::{Target, sign_again},
    target_url::TargetUrl,
    terminal::{print, say_warning},
    tried::{Tally, Tried},
    webhook::{now_with_millis, reason},
};

mod assignment;
mod samples;

/// Send a signed sample of an event to a receiver of webhooks.
///
/// Each sample has a new id and the current time. It is signed as the API signs it: V3 with both of its schemes, V2 with its
/// own. Without a secret it is sent without a signature.
///
/// Exit codes: 0 the receiver accepted all; 1 it responded with another status than 2xx; 2 invalid command line, nothing was sent;
/// 6 it did not respond.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq trigger message.received --to http://localhost:3000/webhook --set data.parts.0.value=Hi\n  linq trigger message.received --version 2025-01-01 --print\n  linq trigger call.completed --v2 --to http://localhost:3000/webhook --secret my-secret --count 3\n  linq trigger --list"
)]
pub(crate) struct Arguments {
    /// The type of the event, such as message.received.
    #[arg(value_name = "EVENT", required_unless_present = "list")]
    event: Option<String>,
    /// The URL of the receiver.
    #[arg(long, value_name = "URL", required_unless_present_any = ["list", "print"])]
    to: Option<TargetUrl>,
    /// Change a field: a path with dots, such as data.parts.0.value=Hi. The value is JSON if it can be read as such, and else
    /// text. Can be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    assignments: Vec<Assignment>,
    /// The version of the payload format.
    #[arg(long, value_name = "VERSION", value_enum, default_value = "2026-02-03", conflicts_with = "v2")]
    version: Version,
    /// Send an event of the V2 API.
    #[arg(long)]
    v2: bool,
    /// The signing secret of the receiver.
    #[arg(
        long,
        value_name = "SECRET",
        env = "LINQ_WEBHOOK_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secret: Option<Secret>,
    /// How many samples are sent, one after the other.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// Print the headers and the body instead of sending them.
    #[arg(long, conflicts_with_all = ["to", "count"])]
    print: bool,
    /// Print the event types that there are samples of.
    #[arg(long, conflicts_with_all = ["event", "to", "print"])]
    list: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A version of the payloads of V3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Version {
    #[value(name = "2026-02-03")]
    V2026_02_03,
    #[value(name = "2025-01-01")]
    V2025_01_01,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let format = match (self.v2, self.version) {
            (true, _) => Format::V2,
            (false, Version::V2025_01_01) => Format::V2025_01_01,
            (false, Version::V2026_02_03) => Format::V3,
        };
        let samples = Samples::read(format)?;
        let Some(event_type) = &self.event else {
            return match self.output.json {
                true => print(&format!("{}\n", json!(samples.names()))),
                false => print(&samples.names().iter().map(|name| format!("{name}\n")).collect::<String>()),
            };
        };
        let data = samples.get(event_type).ok_or_else(|| unknown_event(event_type, &samples))?;
        let signer = match &self.secret {
            Some(secret) => Some(Signer::new(secret.expose()).map_err(|error| error.to_string())?),
            None => None,
        };
        let first = self.webhook(event_type, format, data, signer.as_ref())?;
        if let Err(error) = Event::parse_unverified(first.body.clone()) {
            say_warning(&format!("the changed event cannot be parsed: {}", reason(&error)))?;
        }
        if signer.is_none() {
            say_warning("without --secret the event is not signed")?;
        }
        let Some(to) = &self.to else { return self.print(&first) };
        let (target, mut tally) = (Target::new(to.clone())?, Tally::default());
        for n in 0..self.count {
            let webhook = match n {
                0 => first.clone(),
                _ => self.webhook(event_type, format, data, signer.as_ref())?,
            };
            let post = target.post(&webhook.headers, webhook.body.into());
            let tried = Tried::send(event_type.clone(), webhook.event_id, post).await;
            tried.print(self.output)?;
            tally.count(&tried);
        }
        tally.check()
    }

    /// Returns a new sample of an event.
    fn webhook(
        &self,
        event_type: &str,
        format: Format,
        data: &Value,
        signer: Option<&Signer>,
    ) -> Result<Webhook, Failure> {
        let mut event = envelope(event_type, format);
        event.insert("data".to_owned(), data.clone());
        let mut event = Value::Object(event);
        for assignment in &self.assignments {
            assignment.apply(&mut event).map_err(|reason| {
                Failure::new(format!("invalid value for '--set <PATH=VALUE>': {reason}"))
                    .with_kind("Usage")
                    .with_exit_code(exit_code::USAGE)
            })?;
        }
        let event_id = event["event_id"].as_str().map(str::to_owned);
        let body = event.to_string();
        let mut headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::USER_AGENT, HeaderValue::from_static(concat!("linq-cli/", env!("CARGO_PKG_VERSION")))),
        ]);
        if let Ok(event_type) = HeaderValue::from_str(event_type) {
            headers.insert(HeaderName::from_static("x-webhook-event"), event_type);
        }
        let is_v2 = format == Format::V2;
        sign_again(&mut headers, signer, is_v2, event_id.as_deref(), body.as_bytes())?;
        Ok(Webhook { headers, body, event_id })
    }

    fn print(&self, webhook: &Webhook) -> Result<(), Failure> {
        let value = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: BTreeMap<_, _> =
            webhook.headers.iter().map(|(name, its)| (name.as_str(), value(its))).collect();
        if self.output.json {
            let object = json!({ "headers": headers, "body": webhook.body });
            return print(&format!("{}\n", escape(object)));
        }
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        print(&format!("{lines}\n{}\n", escape(&webhook.body)))
    }
}

/// A webhook to send.
#[derive(Debug, Clone)]
struct Webhook {
    headers: HeaderMap,
    body: String,
    event_id: Option<String>,
}

/// Returns the fields of an event besides its payload, with a new id and the current time.
fn envelope(event_type: &str, format: Format) -> Map<String, Value> {
    let id = || uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid();
    let mut fields = Map::from_iter([
        ("event_type".to_owned(), event_type.into()),
        ("event_id".to_owned(), id().to_string().into()),
        ("created_at".to_owned(), now_with_millis().to_string().into()),
    ]);
    if format == Format::V2 {
        fields.insert("api_version".to_owned(), "v2".into());
        return fields;
    }
    fields.insert("api_version".to_owned(), "v3".into());
    fields.insert("webhook_version".to_owned(), format.to_string().into());
    fields.insert("trace_id".to_owned(), id().simple().to_string().into());
    fields.insert("partner_id".to_owned(), "partner_sample".into());
    fields
}

/// The name is not printed, because it could be a misplaced secret.
fn unknown_event(name: &str, samples: &Samples) -> Failure {
    let similar = did_you_mean(name, samples.names().into_iter());
    let similar = similar.map(|similar| format!("did you mean `{similar}`? ")).unwrap_or_default();
    Failure::new(format!(
        "unknown event type; {similar}`linq trigger --list` prints all, with --v2 those of V2"
    ))
    .with_kind("UnknownEvent")
    .with_exit_code(exit_code::USAGE)
}

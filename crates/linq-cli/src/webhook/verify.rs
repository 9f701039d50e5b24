use std::io::Read;

use clap::Args;
use linq::{
    types::{Timestamp, escape, events::Event},
    webhooks::Scheme,
};
use serde_json::json;

use super::{
    Delivery, Whole,
    body::BodyFile,
    header::{self, Header},
    reason,
    time::{now, parse_unix},
    version,
};
use crate::{failure::Failure, report::Report, secret::Trust};

/// Verify the signature of a webhook and parse its event.
///
/// Prints the event on standard output, encoded by its types, with unknown fields unchanged. Prints one line on standard
/// error: the scheme, the event type, the webhook version (or else the API version), and the Rust type of the payload in
/// `linq::types::events`, or `unknown`.
///
/// The headers determine the signature scheme: that of the three `webhook-*` headers if the secret has a key for it, else
/// that of `x-webhook-timestamp` and `x-webhook-signature`, else that of `x-webhook-signature` alone.
///
/// Exit codes: 0 the signature is valid and the event was parsed; 1 it is not, the reason is on standard error; 2 invalid
/// command line.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trust: Trust,
    /// A header of the delivery. Can be repeated; headers without a role in the signature are ignored.
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    headers: Vec<Header>,
    /// The time of the verification in seconds since 1970, instead of now.
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true, value_parser = parse_unix)]
    now: Option<Timestamp>,
    /// Print the line on standard error as JSON.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    body: BodyFile,
}

impl Arguments {
    pub(super) fn run(&self, stdin: &mut impl Read) -> Result<Report, Failure> {
        let verifier = self.trust.verifier()?;
        let headers = header::map_of(&self.headers)?;
        let body = self.body.read(stdin)?;
        let now = self.now.unwrap_or_else(now);
        let delivery =
            Delivery::verify(&verifier, &headers, body.into(), now).map_err(|error| error.to_string())?;
        let event = delivery.event.as_ref().map_err(reason)?;
        let whole = Whole::of(event).map_err(|error| error.to_string())?;
        Ok(Report {
            stdout: format!("{}\n", escape(whole)),
            stderr: format!("{}\n", escape(self.verdict(delivery.scheme(), event))),
        })
    }

    fn verdict(&self, scheme: Option<Scheme>, event: &Event) -> String {
        let scheme = scheme.map(|scheme| scheme.to_string()).unwrap_or_default();
        let (version, payload_type) = (version(event), event.data.payload_type());
        if self.json {
            let verdict = json!({
                "scheme": scheme,
                "event_type": event.event_type,
                "version": version,
                "payload_type": payload_type,
            });
            return verdict.to_string();
        }
        let (version, payload_type) = (version.unwrap_or("-"), payload_type.unwrap_or("unknown"));
        format!("{scheme} {} {version} {payload_type}", event.event_type)
    }
}

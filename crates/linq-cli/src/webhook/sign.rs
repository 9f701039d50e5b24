use std::io::Read;

use clap::Args;
use http::HeaderMap;
use linq::{
    types::{Timestamp, events::Envelope},
    webhooks::{InvalidSecret, Signer},
};
use serde_json::{Map, Value};

use super::{
    body::BodyFile,
    header::only,
    time::{now, parse_unix},
};
use crate::{
    failure::Failure,
    report::Report,
    secret::{SchemeName, Secret},
};

const STANDARD_ID: &str = "webhook-id";

/// Print the headers that sign a webhook.
///
/// Each is a line `name: value`, the format of `linq webhook verify --header` and `curl -H`. Without --scheme these are the
/// headers of V3: those of Standard Webhooks and of the older scheme. A secret that is not base64 signs only with the older
/// scheme.
///
/// Exit codes: 0 the headers are printed; 1 they cannot be made, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The signing secret.
    #[arg(
        long,
        value_name = "SECRET",
        env = "LINQ_WEBHOOK_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secret: Secret,
    /// Print only the headers of this signature scheme.
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<SchemeName>,
    /// The `webhook-id`, instead of the `event_id` of the body.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The time of the signature, in seconds since 1970, instead of now.
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true, value_parser = parse_unix)]
    timestamp: Option<Timestamp>,
    /// Print the headers as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    body: BodyFile,
}

impl Arguments {
    pub(super) fn run(&self, stdin: &mut impl Read) -> Result<Report, Failure> {
        let signer = Signer::new(self.secret.expose()).map_err(|error| error.to_string())?;
        let body = self.body.read(stdin)?;
        let headers = match self.scheme {
            Some(SchemeName::V2) => signer.v2_headers(&body),
            _ => self.v3_headers(&signer, &body)?,
        };
        Ok(Report::new(self.written(&headers)))
    }

    fn v3_headers(&self, signer: &Signer, body: &[u8]) -> Result<HeaderMap, String> {
        let id = match &self.id {
            Some(id) => Some(id.clone()),
            None => {
                Envelope::parse_unverified(body).ok().and_then(|event| event.event_id().map(str::to_owned))
            }
        };
        let timestamp = self.timestamp.unwrap_or_else(now);
        let mut headers = signer
            .headers(id.as_deref().unwrap_or_default(), timestamp, body)
            .map_err(|_| "invalid id: not a valid header value; pass another one with --id")?;
        if let Some(scheme) = self.scheme {
            headers = only(scheme, headers);
        }
        if headers.is_empty() {
            return Err(InvalidSecret::NotBase64.to_string());
        }
        if headers.contains_key(STANDARD_ID) && id.is_none_or(|id| id.is_empty()) {
            return Err("missing id: the body has no `event_id`; pass one with --id".to_owned());
        }
        Ok(headers)
    }

    fn written(&self, headers: &HeaderMap) -> String {
        let headers = headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value.as_bytes())));
        if self.json {
            let object: Map<String, Value> =
                headers.map(|(name, value)| (name.to_string(), value.into())).collect();
            return format!("{}\n", Value::Object(object));
        }
        headers.map(|(name, value)| format!("{name}: {value}\n")).collect()
    }
}

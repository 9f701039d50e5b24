//! Secrets are removed from everything that a tool returns.

use std::fmt;

use serde_json::Value;

const REDACTED: &str = "<redacted>";
/// How signing secrets of webhooks start.
const SECRET_PREFIX: &str = "whsec_";
/// Shorter texts are no secrets that a service makes, and would be found in other texts.
const MIN_SECRET: usize = 8;

/// Removes secrets, which it knows by the names of their fields, by their own text and by their place in the URL of a webhook.
#[derive(Default)]
pub(super) struct Redaction {
    secrets: Vec<String>,
}

impl Redaction {
    pub(super) fn new(api_key: &str) -> Self {
        let mut redaction = Self::default();
        redaction.add(api_key);
        redaction
    }

    pub(super) fn add(&mut self, secret: &str) {
        if secret.len() >= MIN_SECRET {
            self.secrets.push(secret.to_owned());
        }
    }

    pub(super) fn apply(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(clean) = self.clean(text) {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::Null => {}
                        _ if is_secret(name) => *value = REDACTED.into(),
                        Value::String(url) if is_webhook_url(name) => {
                            *url = redacted_url(self.clean(url).as_ref().unwrap_or(url));
                        }
                        _ => self.apply(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns a text without its secrets, if it has any.
    fn clean(&self, text: &str) -> Option<String> {
        let is_unclean =
            text.contains(SECRET_PREFIX) || self.secrets.iter().any(|secret| text.contains(secret.as_str()));
        is_unclean.then(|| {
            let clean =
                self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED));
            let mut pieces = clean.split(SECRET_PREFIX);
            let first = pieces.next().unwrap_or_default().to_owned();
            pieces.fold(first, |text, piece| {
                let is_in_secret = |c: char| c.is_ascii_alphanumeric() || "+/=-_".contains(c);
                format!("{text}{REDACTED}{}", piece.trim_start_matches(is_in_secret))
            })
        })
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redaction(..)")
    }
}

/// Returns `true` for the names of fields whose values are secrets.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("secret")
        || name.contains("password")
        || name.ends_with("token")
        || name.ends_with("api_key")
}

/// Returns `true` for the names of fields that have the URL of a webhook. URLs of attachments need their query.
fn is_webhook_url(name: &str) -> bool {
    ["target_url", "webhook_url", "callback_url"].contains(&&*name.to_ascii_lowercase())
}

/// Returns a URL without its password and the values of its query and fragment, except for that of `version`.
fn redacted_url(url: &str) -> String {
    let (address, query) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    let start = address.find("://").map_or(0, |scheme| scheme + "://".len());
    let end = address[start..].find(['/', '\\']).map_or(address.len(), |length| start + length);
    let mut redacted = address[..start].to_owned();
    match address[start..end].rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split_once(':').map(|(name, _)| format!("{name}:")).unwrap_or_default();
            redacted.extend([&name, REDACTED, "@", host]);
        }
        None => redacted.push_str(&address[start..end]),
    }
    redacted.push_str(&address[end..]);
    for parameter in query.split_inclusive(['?', '&', '#']) {
        let (parameter, separator) = match parameter.strip_suffix(['?', '&', '#']) {
            Some(stripped) => parameter.split_at(stripped.len()),
            None => (parameter, ""),
        };
        match parameter.split_once('=') {
            _ if parameter.is_empty() => {}
            Some(("version", _)) => redacted.push_str(parameter),
            Some((name, _)) => redacted.extend([name, "=", REDACTED]),
            None => redacted.push_str(REDACTED),
        }
        redacted.push_str(separator);
    }
    redacted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_removed_by_their_field_and_by_their_text() {
        let redaction = Redaction::new("hunter2-hunter2");
        for (value, clean) in [
            (json!({"signing_secret": "abc"}), json!({"signing_secret": REDACTED})),
            (
                json!([{"userToken": {"a": 1}, "api_key": 1}]),
                json!([{"userToken": REDACTED, "api_key": REDACTED}]),
            ),
            (
                json!({"client_secret": null, "next_cursor": "abc"}),
                json!({"client_secret": null, "next_cursor": "abc"}),
            ),
            (json!({"text": "my key is hunter2-hunter2!"}), json!({"text": "my key is <redacted>!"})),
            (json!(["a whsec_AAEC+/=. b whsec_1"]), json!(["a <redacted>. b <redacted>"])),
            (json!({"text": "hunter2", "n": 7}), json!({"text": "hunter2", "n": 7})),
        ] {
            let mut redacted = value.clone();
            redaction.apply(&mut redacted);
            assert_eq!(redacted, clean, "{value}");
        }
        assert_eq!(format!("{redaction:?}"), "Redaction(..)");
    }

    #[test]
    fn urls_of_webhooks_keep_their_address_and_version_but_no_secret() {
        for (url, clean) in [
            ("https://example.com/hook?version=2026-02-03", "https://example.com/hook?version=2026-02-03"),
            (
                "https://example.com?api_key=hunter2key&version=2026-02-03&token=a=b?c#d",
                "https://example.com?api_key=<redacted>&version=2026-02-03&token=<redacted>?<redacted>#<redacted>",
            ),
            ("https://user:pa:ss@example.com:8443/@a:b", "https://user:<redacted>@example.com:8443/@a:b"),
            ("https://token@example.com?hunter2", "https://<redacted>@example.com?<redacted>"),
            ("user:pass@example.com", "user:<redacted>@example.com"),
            ("", ""),
        ] {
            let mut value = json!([{"target_url": url, "download_url": url}]);
            Redaction::default().apply(&mut value);
            assert_eq!(value, json!([{"target_url": clean, "download_url": url}]));
        }
    }
}

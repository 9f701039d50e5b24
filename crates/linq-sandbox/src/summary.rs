//! What happened so far, as text: for waits that time out and expectations that fail.

use std::fmt::Write as _;

use linq_types::{ChatId, Handle, escape};

use crate::{
    faults::FaultEffect,
    log::{Delivery, DeliveryOutcome, RequestLog},
    shared::Shared,
    store::Store,
    transcript,
    webhook::{Webhook, WebhookQuery, WebhookStatus},
};

/// The maximum numbers of chats and of lines of each that are shown.
const MAX_CHATS: usize = 10;
const MAX_LINES: usize = 50;
/// The maximum number of requests that are shown, and of webhooks.
const MAX_ENTRIES: usize = 10;

/// Describes the chats with a person, or all chats, and what failed: the newest of each. Every line is indented.
pub(crate) fn summary(shared: &Shared, person: Option<&Handle>) -> String {
    let mut text = chats(shared, person);
    let (requests, webhooks) = (failed_requests(shared), failed_webhooks(shared));
    list(&mut text, "requests that failed", &requests);
    list(&mut text, "webhooks that were given up", &webhooks);
    if shared.clock.stands_still() {
        let pending = shared.read(|store| store.count_pending(person));
        let hint = match pending {
            0 => String::new(),
            1 => "; 1 message is pending: `advance` sends it".to_owned(),
            _ => format!("; {pending} messages are pending: `advance` sends them"),
        };
        let _ = writeln!(text, "  the time stands still{hint}");
    }
    text
}

/// Returns the transcripts of the chats with a person, or of all chats.
pub(crate) fn chats(shared: &Shared, person: Option<&Handle>) -> String {
    shared.read(|store| {
        let chats = store.chats_with(person);
        let mut text = String::new();
        if chats.is_empty() {
            text.push_str("  no chats\n");
        }
        let left_out = chats.len().saturating_sub(MAX_CHATS);
        if left_out > 0 {
            let _ = writeln!(text, "  {left_out} older chats");
        }
        for chat_id in &chats[left_out..] {
            chat(&mut text, store, chat_id);
        }
        text
    })
}

fn chat(text: &mut String, store: &Store, chat_id: &ChatId) {
    let mut lines: Vec<_> = store
        .newest_messages(chat_id)
        .take(MAX_LINES)
        .map(|message| {
            let code = message.failure.map(|code| format!(" (code {code})")).unwrap_or_default();
            transcript::line(message) + &code
        })
        .collect();
    lines.reverse();
    let _ = writeln!(text, "  chat {chat_id}:");
    for line in lines {
        let _ = writeln!(text, "    {}", escape(line));
    }
}

/// Appends a heading and the newest entries, if there are any.
pub(crate) fn list(text: &mut String, heading: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(text, "  {heading}:");
    let left_out = entries.len().saturating_sub(MAX_ENTRIES);
    if left_out > 0 {
        let _ = writeln!(text, "    {left_out} older ones");
    }
    for entry in &entries[left_out..] {
        let _ = writeln!(text, "    {}", escape(entry));
    }
}

/// Returns the requests that failed without a fault, oldest first.
pub(crate) fn failed_requests(shared: &Shared) -> Vec<String> {
    let requests = shared.log.requests().into_iter().filter(has_failed);
    let lines = requests.map(|RequestLog { method, path, status, code, .. }| {
        let code = code.map(|code| format!(", code {code}")).unwrap_or_default();
        format!("{method} {path}: {}{code}", status.as_u16())
    });
    lines.collect()
}

/// Returns `true` if the sandbox rejected the request or failed. Responses that a fault replaced do not count.
fn has_failed(request: &RequestLog) -> bool {
    let is_replaced = matches!(
        request.fault,
        Some(
            FaultEffect::RateLimited(_)
                | FaultEffect::ServerError
                | FaultEffect::Unavailable
                | FaultEffect::Html
                | FaultEffect::Cut
        )
    );
    request.status.as_u16() >= 400 && !is_replaced
}

/// Returns the webhooks that were given up or dropped, oldest first.
pub(crate) fn failed_webhooks(shared: &Shared) -> Vec<String> {
    let mut webhooks = shared.webhooks(&WebhookQuery::default());
    webhooks.retain(|webhook| webhook.status == WebhookStatus::Failed);
    webhooks.iter().map(webhook_line).collect()
}

fn webhook_line(webhook: &Webhook) -> String {
    let Webhook { event_type, event_id, attempts, .. } = webhook;
    let (target, outcome) = match attempts.last() {
        Some(Delivery { target_url, outcome: DeliveryOutcome::Responded(status), .. }) => {
            (target_url.as_str(), status.as_u16().to_string())
        }
        Some(Delivery { target_url, outcome: DeliveryOutcome::Failed(reason), .. }) => {
            (target_url.as_str(), reason.clone())
        }
        None => ("", "no attempt".to_owned()),
    };
    let times =
        if attempts.len() == 1 { "1 attempt".to_owned() } else { format!("{} attempts", attempts.len()) };
    format!("{event_type} {event_id} to {target}: {outcome} ({times})")
}

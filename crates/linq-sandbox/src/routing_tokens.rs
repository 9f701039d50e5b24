use std::collections::HashMap;

use http::HeaderValue;
use linq_types::{ChatId, WebhookSubscriptionId};

use crate::queue::Attempt;

const MAX_TOKENS: usize = 10_000;
const MAX_TOKEN_BYTES: usize = 1_024;

/// The routing tokens of delivery affinity: which instance of a receiver gets the webhooks of a chat.
#[derive(Default)]
pub(crate) struct RoutingTokens(HashMap<(WebhookSubscriptionId, ChatId), HeaderValue>);

impl RoutingTokens {
    pub(crate) fn get(&self, attempt: &Attempt) -> Option<&HeaderValue> {
        self.0.get(&key(attempt)?)
    }

    /// Stores a token, unless it is too long or there are too many.
    pub(crate) fn set(&mut self, attempt: &Attempt, token: HeaderValue) {
        if let Some(key) = key(attempt)
            && token.len() <= MAX_TOKEN_BYTES
            && (self.0.len() < MAX_TOKENS || self.0.contains_key(&key))
        {
            self.0.insert(key, token);
        }
    }
}

fn key(attempt: &Attempt) -> Option<(WebhookSubscriptionId, ChatId)> {
    Some((attempt.subscription_id.clone(), attempt.chat_id.clone()?))
}

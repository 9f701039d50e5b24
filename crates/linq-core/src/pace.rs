use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use linq_types::{PaceLimit, Rate, json};
use serde::Deserialize;

use crate::{
    Body,
    request::{self, Endpoint, Target},
};

/// How fast messages are sent: the limits of a chat and of a line.
///
/// A client with a pace ([`ClientBuilder::pace`](crate::ClientBuilder::pace)) delays its sends so that the service has no
/// reason to refuse them. A store that sends for several processes asks for the same [`limits`](Self::limits).
///
/// ```
/// use std::time::Duration;
///
/// use linq_core::{Client, Error, HttpBackend, Pace, types::Rate};
///
/// const DAY: Duration = Duration::from_secs(24 * 60 * 60);
///
/// fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
///     let pace = Pace::LINQ.per_line(Rate::new(120, Duration::from_secs(60))).per_line(Rate::new(7_000, DAY));
///     Client::builder().from_env().pace(pace).build(backend)
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a pace does nothing until a client has it"]
pub struct Pace {
    chat: Cow<'static, [Rate]>,
    line: Cow<'static, [Rate]>,
}

impl Pace {
    /// The documented limit of the API: 30 messages in any 60 seconds for each chat.
    pub const LINQ: Self =
        Self { chat: Cow::Borrowed(&[Rate::new(30, Duration::from_secs(60))]), line: Cow::Borrowed(&[]) };

    /// Creates a pace without limits.
    pub const fn new() -> Self {
        Self { chat: Cow::Borrowed(&[]), line: Cow::Borrowed(&[]) }
    }

    /// Limits the messages of each chat, in addition to the limits that it has.
    ///
    /// A send that names no chat but recipients, such as one that creates a chat, is not limited by it.
    pub fn per_chat(mut self, rate: Rate) -> Self {
        self.chat.to_mut().push(rate);
        self
    }

    /// Limits the messages of each line, in addition to the limits that it has.
    ///
    /// Sends that name no line, as those into a chat, are limited together, as those of one more line.
    pub fn per_line(mut self, rate: Rate) -> Self {
        self.line.to_mut().push(rate);
        self
    }

    /// Returns the limits that a send has to ask for, of which all must allow it. Their keys are the chat or the line with
    /// the number of the limit, such as `chat:c1#0` and `line:+12025550100#0`; `line:#0` without a line.
    ///
    /// ```
    /// use linq_core::Pace;
    ///
    /// let limits = Pace::LINQ.limits(Some("c1"), None);
    /// assert_eq!((limits.len(), &*limits[0].key), (1, "chat:c1#0"));
    /// ```
    #[must_use]
    pub fn limits(&self, chat: Option<&str>, line: Option<&str>) -> Vec<PaceLimit> {
        let named = |kind, name, rates: &[Rate]| -> Vec<_> {
            let limit = |(at, rate): (usize, &Rate)| PaceLimit::new(format!("{kind}:{name}#{at}"), *rate);
            rates.iter().enumerate().map(limit).collect()
        };
        let mut limits = chat.map_or_else(Vec::new, |chat| named("chat", chat, &self.chat));
        limits.extend(named("line", line.unwrap_or_default(), &self.line));
        limits
    }

    pub(crate) fn is_unlimited(&self) -> bool {
        self.chat.is_empty() && self.line.is_empty()
    }
}

/// A pace and what was sent, shared by a client and those that are made from it.
pub(crate) struct Pacer {
    pub(crate) pace: Pace,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    tats: HashMap<String, Duration>,
    /// With this many, those that have passed are forgotten.
    prune_at: usize,
}

const MIN_PRUNE_AT: usize = 64;

impl Pacer {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, sent: Mutex::default() }
    }

    /// The limits of a request; `None` if it sends no message.
    pub(crate) fn limit(
        self: &Arc<Self>,
        endpoint: &Endpoint,
        target: &Target,
        body: &Body,
    ) -> Option<Paced> {
        let operation = endpoint.operation().filter(|operation| operation.sends_message())?;
        let Target::Api(Ok(path)) = target else { return None };
        let chat = request::path_values(operation.route(), path).find(|(name, _)| *name == "chatId");
        let chat = chat.map(|(_, chat)| chat);
        let line = body.as_bytes().filter(|_| !self.pace.line.is_empty()).and_then(|body| line_of(body));
        let limits = self.pace.limits(chat.as_deref(), line.as_deref());
        (!limits.is_empty()).then(|| Paced { pacer: Arc::clone(self), limits })
    }

    /// Counts a message `now` against all limits, or returns how long to wait and counts nothing. Times are since the Unix
    /// epoch.
    fn take(&self, limits: &[PaceLimit], now: Duration) -> Result<(), Duration> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let check = |limit: &PaceLimit| limit.rate.check(sent.tats.get(&limit.key).copied(), now);
        let checked: Vec<_> = limits.iter().map(check).collect();
        if let Some(wait) = checked.iter().filter_map(|checked| checked.err()).max() {
            return Err(wait);
        }
        for (limit, tat) in limits.iter().zip(checked.into_iter().flatten()) {
            sent.insert(&limit.key, tat, now);
        }
        Ok(())
    }
}

impl Sent {
    fn insert(&mut self, key: &str, tat: Duration, now: Duration) {
        if let Some(known) = self.tats.get_mut(key) {
            *known = tat;
            return;
        }
        if self.tats.len() >= self.prune_at {
            self.tats.retain(|_, tat| *tat > now);
            self.prune_at = MIN_PRUNE_AT.max(self.tats.len() * 2);
        }
        self.tats.insert(key.to_owned(), tat);
    }
}

/// Leaves out what was sent, which names chats and lines.
impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pace.fmt(f)
    }
}

/// The limits of one send.
#[derive(Debug)]
pub(crate) struct Paced {
    pacer: Arc<Pacer>,
    limits: Vec<PaceLimit>,
}

impl Paced {
    pub(crate) fn take(&self, now: Duration) -> Result<(), Duration> {
        self.pacer.take(&self.limits, now)
    }
}

/// The line that a request sends from, if its body names one.
pub(crate) fn line_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Sender {
        from: Option<String>,
    }
    json::from_slice::<Sender>(body).ok()?.from
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: Duration = Duration::from_secs(1_800_000_000);

    fn keys(pace: &Pace, chat: Option<&str>, line: Option<&str>) -> Vec<String> {
        pace.limits(chat, line).into_iter().map(|limit| limit.key).collect()
    }

    #[test]
    fn a_send_asks_for_the_limits_of_its_chat_and_its_line() {
        let rate = Rate::new(5, SECOND);
        let pace = Pace::LINQ.per_line(rate).per_line(Rate::new(7_000, SECOND * 86_400));
        assert_eq!(keys(&pace, Some("c"), Some("+1")), ["chat:c#0", "line:+1#0", "line:+1#1"]);
        assert_eq!(keys(&pace, None, None), ["line:#0", "line:#1"]);
        assert_eq!(keys(&Pace::LINQ, None, Some("+1")), [""; 0]);
        assert_eq!(
            keys(&Pace::new().per_chat(rate).per_chat(rate), Some("c"), None),
            ["chat:c#0", "chat:c#1"]
        );
        assert_eq!(pace.limits(None, Some("+1"))[0].rate, rate);
        assert!(Pace::new().is_unlimited() && Pace::default() == Pace::new() && !Pace::LINQ.is_unlimited());
    }

    #[test]
    fn a_send_that_one_limit_refuses_counts_against_none() {
        let pacer = Pacer::new(
            Pace::new().per_chat(Rate::new(1, SECOND)).per_line(Rate::new(3, SECOND * 9).burst(3)),
        );
        let limits = pacer.pace.limits(Some("c"), None);
        assert_eq!(pacer.take(&limits, START), Ok(()));
        for _ in 0..5 {
            assert_eq!(pacer.take(&limits, START), Err(SECOND + Duration::from_micros(1)));
        }
        for chat in ["d", "e"] {
            assert_eq!(pacer.take(&pacer.pace.limits(Some(chat), None), START), Ok(()), "{chat}");
        }
        assert_eq!(
            pacer.take(&limits, START),
            Err(SECOND * 9 + Duration::from_micros(1)),
            "the longest wait counts"
        );
    }

    #[test]
    fn what_has_passed_is_forgotten() {
        let pacer = Pacer::new(Pace::LINQ);
        let mut most = 0;
        for second in 0..20_000 {
            let limits = pacer.pace.limits(Some(&format!("c{second}")), None);
            assert_eq!(pacer.take(&limits, START + SECOND * second), Ok(()));
            most = most.max(pacer.sent.lock().unwrap().tats.len());
        }
        assert_eq!(most, MIN_PRUNE_AT);
        assert!(!format!("{pacer:?}").contains("c1"));
    }
}

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use linq_types::{Handle, Operation, PaceLimit, Rate, json};
use serde::Deserialize;

use crate::{
    Body,
    request::{self, Endpoint, Target},
};

#[cfg(feature = "v2")]
mod v2;

/// How fast messages are sent: the limits of a chat, of a line and of the account.
///
/// A client with a pace ([`ClientBuilder::pace`](crate::ClientBuilder::pace)) delays its sends so that the service has no
/// reason to refuse them. A store that sends for several processes asks for the same [`limits`](Self::limits).
///
/// ```
/// # use linq_core as linq;
/// use std::time::Duration;
///
/// use linq::{Client, Error, HttpBackend, Pace, types::Rate};
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
    account: Cow<'static, [Rate]>,
    checks: Cow<'static, [Rate]>,
}

impl Pace {
    /// The documented limits of the API: 30 messages in any 60 seconds for each chat, or each line and person, and one
    /// [capability check](crate::resources::capability::Capability) in 10 seconds.
    pub const LINQ: Self = Self {
        chat: Cow::Borrowed(&[Rate::new(30, Duration::from_secs(60))]),
        line: Cow::Borrowed(&[]),
        account: Cow::Borrowed(&[]),
        checks: Cow::Borrowed(&[Rate::new(1, Duration::from_secs(10))]),
    };

    /// The documented limits of the service's sandbox: those of [`LINQ`](Self::LINQ), and 100 messages in any 24 hours for the
    /// account, half of them at once.
    ///
    /// The service counts the messages of a day from midnight, UTC. A process does not know what others have sent on that day.
    pub const LINQ_SANDBOX: Self = Self {
        account: Cow::Borrowed(&[Rate::new(100, Duration::from_secs(24 * 60 * 60)).burst(50)]),
        ..Self::LINQ
    };

    /// Creates a pace without limits.
    pub const fn new() -> Self {
        Self {
            chat: Cow::Borrowed(&[]),
            line: Cow::Borrowed(&[]),
            account: Cow::Borrowed(&[]),
            checks: Cow::Borrowed(&[]),
        }
    }

    /// Limits the messages of each chat, in addition to the limits that it has.
    ///
    /// A send that names recipients in place of a chat, such as one that creates a chat, is limited for its line and each of
    /// them. It counts apart from the sends into the chat, because nothing in the requests tells that they are the same people.
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

    /// Limits the messages of all lines and chats together, in addition to the limits that they have.
    pub fn per_account(mut self, rate: Rate) -> Self {
        self.account.to_mut().push(rate);
        self
    }

    /// Limits the capability checks, in addition to the limits that they have.
    pub fn capability_checks(mut self, rate: Rate) -> Self {
        self.checks.to_mut().push(rate);
        self
    }

    /// Returns the limits that a send has to ask for, of which all must allow it: those of its chat, or else of its line and
    /// each of its recipients, `people`; those of its line; and those of the account.
    ///
    /// Their keys have the number of the limit, such as `chat:c1#0`, `person:+12025550100,+12025550199#0`,
    /// `line:+12025550100#0` and `account#0`. Without a line, that part of the key is empty.
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::Pace;
    ///
    /// let limits = Pace::LINQ.limits(Some("c1"), None, &[]);
    /// assert_eq!((limits.len(), &*limits[0].key), (1, "chat:c1#0"));
    /// ```
    #[must_use]
    pub fn limits(&self, chat: Option<&str>, line: Option<&str>, people: &[Handle]) -> Vec<PaceLimit> {
        let line = line.unwrap_or_default();
        let mut limits = Vec::new();
        match chat {
            Some(chat) => add(&mut limits, &self.chat, format_args!("chat:{chat}")),
            None => {
                for person in people {
                    add(&mut limits, &self.chat, format_args!("person:{line},{person}"));
                }
            }
        }
        add(&mut limits, &self.line, format_args!("line:{line}"));
        add(&mut limits, &self.account, format_args!("account"));
        limits
    }

    /// The limits that a capability check has to ask for.
    fn check_limits(&self) -> Vec<PaceLimit> {
        let mut limits = Vec::new();
        add(&mut limits, &self.checks, format_args!("capability"));
        limits
    }

    pub(crate) fn is_unlimited(&self) -> bool {
        [&self.chat, &self.line, &self.account, &self.checks].into_iter().all(|rates| rates.is_empty())
    }
}

/// Adds limits of what has this name.
fn add(limits: &mut Vec<PaceLimit>, rates: &[Rate], name: fmt::Arguments<'_>) {
    let limit = |(at, rate): (usize, &Rate)| PaceLimit::new(format!("{name}#{at}"), *rate);
    limits.extend(rates.iter().enumerate().map(limit));
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

    /// The limits of a request; `None` if nothing limits it.
    pub(crate) fn limit(
        self: &Arc<Self>,
        endpoint: &Endpoint,
        target: &Target,
        body: &Body,
    ) -> Option<Paced> {
        #[cfg(feature = "v2")]
        if let Endpoint::V2(operation) = endpoint {
            return self.paced(v2::limits(
                &self.pace,
                *operation,
                request::chat_of(endpoint, target).as_deref(),
                body,
            )?);
        }
        let limits = match endpoint.operation()? {
            Operation::CapabilityCheckImessage | Operation::CapabilityCheckRcs => self.pace.check_limits(),
            operation if operation.sends_message() => {
                let chat = request::chat_of(endpoint, target);
                let addressed = match body.as_bytes() {
                    Some(body) if chat.is_none() || !self.pace.line.is_empty() => Addressed::read(body),
                    _ => Addressed::default(),
                };
                let line = addressed.from.as_ref().map(Handle::as_str);
                self.pace.limits(chat.as_deref(), line, &addressed.to)
            }
            _ => return None,
        };
        self.paced(limits)
    }

    fn paced(self: &Arc<Self>, limits: Vec<PaceLimit>) -> Option<Paced> {
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

/// Who a request sends from and to, as far as its body names them.
#[derive(Default, Deserialize)]
pub(crate) struct Addressed {
    pub(crate) from: Option<Handle>,
    #[serde(default)]
    pub(crate) to: Vec<Handle>,
}

impl Addressed {
    pub(crate) fn read(body: &[u8]) -> Self {
        json::from_slice(body).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: Duration = Duration::from_secs(1_800_000_000);

    fn keys(pace: &Pace, chat: Option<&str>, line: Option<&str>, people: &[&str]) -> Vec<String> {
        let people: Vec<_> = people.iter().map(|person| Handle::from(*person)).collect();
        pace.limits(chat, line, &people).into_iter().map(|limit| limit.key).collect()
    }

    #[test]
    fn a_send_asks_for_the_limits_of_its_chat_or_its_people_of_its_line_and_of_the_account() {
        let rate = Rate::new(5, SECOND);
        let pace = Pace::LINQ.per_line(rate).per_line(Rate::new(7_000, SECOND * 86_400));
        assert_eq!(keys(&pace, Some("c"), Some("+1"), &["+2"]), ["chat:c#0", "line:+1#0", "line:+1#1"]);
        assert_eq!(keys(&pace, None, None, &[]), ["line:#0", "line:#1"]);
        assert_eq!(
            keys(&Pace::LINQ_SANDBOX, None, Some("+1"), &["+2", "+3"]),
            ["person:+1,+2#0", "person:+1,+3#0", "account#0"]
        );
        assert_eq!(keys(&Pace::LINQ, None, None, &["+2"]), ["person:,+2#0"]);
        assert_eq!(
            keys(&Pace::new().per_chat(rate).per_chat(rate).per_account(rate), Some("c"), None, &[]),
            ["chat:c#0", "chat:c#1", "account#0"]
        );
        assert_eq!(pace.limits(None, Some("+1"), &[])[0].rate, rate);
    }

    #[test]
    fn a_pace_is_unlimited_only_without_any_limit() {
        assert!(Pace::new().is_unlimited() && Pace::default() == Pace::new());
        let rate = Rate::new(5, SECOND);
        for pace in [
            Pace::new().per_chat(rate),
            Pace::new().per_line(rate),
            Pace::new().per_account(rate),
            Pace::new().capability_checks(rate),
        ] {
            assert!(!pace.is_unlimited(), "{pace:?}");
        }
    }

    #[test]
    fn a_send_that_one_limit_refuses_counts_against_none() {
        let pacer = Pacer::new(
            Pace::new().per_chat(Rate::new(1, SECOND)).per_line(Rate::new(3, SECOND * 9).burst(3)),
        );
        let limits = pacer.pace.limits(Some("c"), None, &[]);
        assert_eq!(pacer.take(&limits, START), Ok(()));
        for _ in 0..5 {
            assert_eq!(pacer.take(&limits, START), Err(SECOND + Duration::from_micros(1)));
        }
        for chat in ["d", "e"] {
            assert_eq!(pacer.take(&pacer.pace.limits(Some(chat), None, &[]), START), Ok(()), "{chat}");
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
            let limits = pacer.pace.limits(Some(&format!("c{second}")), None, &[]);
            assert_eq!(pacer.take(&limits, START + SECOND * second), Ok(()));
            most = most.max(pacer.sent.lock().unwrap().tats.len());
        }
        assert_eq!(most, MIN_PRUNE_AT);
        assert!(!format!("{pacer:?}").contains("c1"));
    }
}

//! What the clients of one account remember.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use linq_types::{ChatId, Handle, IdempotencyKey};

/// Shared by a client and those that are made from it.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) chats: OpenChats,
    pub(crate) indicators: Indicators,
}

/// A line and the people of a chat, in order and each of them once.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Parties {
    pub(crate) line: Handle,
    pub(crate) people: Vec<Handle>,
}

impl Parties {
    pub(crate) fn new(line: Handle, mut people: Vec<Handle>) -> Self {
        people.sort_unstable();
        people.dedup();
        Self { line, people }
    }
}

/// The chats of lines and people, each for a while.
#[derive(Default)]
pub(crate) struct OpenChats(Mutex<Known>);

#[derive(Default)]
struct Known {
    chats: HashMap<Parties, KnownChat>,
    /// With this many, those that have expired are forgotten.
    prune_at: usize,
}

#[derive(Clone)]
pub(crate) struct KnownChat {
    pub(crate) id: ChatId,
    /// The key of the message that found or created it. A call with the same key is the same message.
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) expires_at: SystemTime,
}

const MIN_PRUNE_AT: usize = 64;

impl OpenChats {
    pub(crate) fn get(&self, parties: &Parties, now: SystemTime) -> Option<KnownChat> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.chats.get(parties).filter(|chat| now < chat.expires_at).cloned()
    }

    /// Keeps a chat for the time `ttl`.
    pub(crate) fn insert(
        &self,
        parties: &Parties,
        id: ChatId,
        key: Option<IdempotencyKey>,
        now: SystemTime,
        ttl: Duration,
    ) {
        let Some(expires_at) = now.checked_add(ttl) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.chats.len() >= known.prune_at {
            known.chats.retain(|_, chat| now < chat.expires_at);
            known.prune_at = MIN_PRUNE_AT.max(known.chats.len() * 2);
        }
        known.chats.insert(parties.clone(), KnownChat { id, key, expires_at });
    }

    pub(crate) fn forget(&self, parties: &Parties, id: &ChatId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.chats.get(parties).is_some_and(|chat| chat.id == *id) {
            known.chats.remove(parties);
        }
    }
}

/// The typing indicators that clients keep, by their chats.
#[derive(Default)]
pub(crate) struct Indicators(Mutex<HashMap<ChatId, Weak<Indicator>>>);

impl Indicators {
    /// Returns the indicator of a chat, which is known as long as somebody keeps it.
    pub(crate) fn keep(&self, chat: &ChatId) -> Arc<Indicator> {
        let mut indicators = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = indicators.get(chat).and_then(Weak::upgrade) {
            return known;
        }
        indicators.retain(|_, indicator| indicator.strong_count() > 0);
        let new = Arc::new(Indicator::default());
        indicators.insert(chat.clone(), Arc::downgrade(&new));
        new
    }

    pub(crate) fn find(&self, chat: &str) -> Option<Weak<Indicator>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(chat).cloned()
    }
}

/// Whether a chat shows that the line is typing, as far as its client knows.
#[derive(Debug, Default)]
pub(crate) struct Indicator {
    is_shown: AtomicBool,
}

impl Indicator {
    pub(crate) fn set(&self, is_shown: bool) {
        self.is_shown.store(is_shown, Ordering::Relaxed);
    }

    pub(crate) fn is_shown(&self) -> bool {
        self.is_shown.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn parties(person: impl Into<Handle>) -> Parties {
        Parties::new("+12025550100".into(), vec![person.into()])
    }

    #[test]
    fn a_chat_is_known_until_it_expires_or_is_forgotten_whatever_the_order_of_its_people() {
        let chats = OpenChats::default();
        let group = |people: [&str; 3]| Parties::new("+1".into(), people.map(Handle::from).into());
        let key = group(["+2", "+3", "+2"]);
        chats.insert(&key, "c1".into(), None, START, SECOND * 10);
        let known = |parties: &Parties, now| chats.get(parties, now).map(|chat| chat.id);
        assert_eq!(known(&group(["+3", "+3", "+2"]), START + SECOND * 9), Some("c1".into()));
        assert_eq!(known(&key, START + SECOND * 10), None);
        assert_eq!(known(&Parties::new("+4".into(), key.people.clone()), START), None);
        chats.forget(&key, &"c2".into());
        assert_eq!(known(&key, START), Some("c1".into()), "a newer chat is kept");
        chats.forget(&key, &"c1".into());
        assert_eq!(known(&key, START), None);
    }

    #[test]
    fn expired_chats_do_not_accumulate() {
        let chats = OpenChats::default();
        for second in 0..10_000_u32 {
            let now = START + SECOND * second;
            chats.insert(&parties(format!("+{second}")), "c".into(), None, now, SECOND);
            assert!(chats.0.lock().unwrap().chats.len() <= MIN_PRUNE_AT);
        }
    }

    #[test]
    fn an_indicator_is_shared_while_somebody_keeps_it() {
        let indicators = Indicators::default();
        let first = indicators.keep(&"c".into());
        assert!(Arc::ptr_eq(&first, &indicators.keep(&"c".into())));
        assert!(indicators.find("c").is_some() && indicators.find("d").is_none());
        drop(first);
        assert!(indicators.find("c").is_none_or(|known| known.upgrade().is_none()));
        indicators.keep(&"d".into());
        assert_eq!(indicators.0.lock().unwrap().len(), 1);
    }
}

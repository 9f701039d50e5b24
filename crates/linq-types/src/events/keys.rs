use std::fmt;

use super::{Envelope, Event};
use crate::IdempotencyKey;

/// The idempotency keys of an event: the same event and the same name always give the same key.
///
/// A handler may run several times for one event: the API delivers it again when the response is late, and requests of the
/// first run may still be executed then. With a key of the event, the API executes each of them once:
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::Event;
///
/// let body = r#"{"event_id": "e1", "event_type": "call.ringing", "data": {}}"#;
/// let (first, again) = (Event::parse_unverified(body.to_owned())?, Event::parse_unverified(body.to_owned())?);
/// assert_eq!(first.key("reply"), again.key("reply"));
/// assert_ne!(first.key("reply"), first.key("reminder"));
/// # Ok::<(), linq_types::events::ParseEventError>(())
/// ```
///
/// A handler takes it as a parameter beside a payload, or calls [`Event::key`]. Give each request of a handler a name of its
/// own. If several programs handle the events of one account, put the name of the program into it too: the API knows the keys
/// of an account, not of a program.
///
/// # Format
///
/// A key is the FNV-1a hash with 128 bits, as 32 lower-case hexadecimal digits, of these bytes: `event:`, the length of the
/// event id in bytes as a decimal number, `:`, the event id, the name. For an event without an id: `body:`, the length of the
/// body, `:`, the body as received, the name. Later versions do not change it, so that a new version of a program does not
/// repeat what the old one sent.
///
/// The hash is not cryptographic and does not need to be: a key is not secret, it is valid for one account, and its parts are
/// not for strangers to choose. The API assigns the event ids, and signs the bodies with ids and times of its own in them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EventKeys {
    /// The hash of everything in front of the name.
    hash: Fnv,
}

impl EventKeys {
    /// Creates the keys of an event with this id, or with this body if the id is `None` or empty.
    #[must_use]
    pub fn new(event_id: Option<&str>, body: &[u8]) -> Self {
        let (kind, identity) = match event_id {
            Some(id) if !id.is_empty() => ("event", id.as_bytes()),
            _ => ("body", body),
        };
        let length = format!("{kind}:{}:", identity.len());
        Self { hash: Fnv::START.add(length.as_bytes()).add(identity) }
    }

    /// Returns the key with this name, such as `reply`.
    #[must_use]
    pub fn key(&self, name: &str) -> IdempotencyKey {
        let Fnv(hash) = self.hash.add(name.as_bytes());
        format!("{hash:032x}").into()
    }
}

impl<T> From<&Event<T>> for EventKeys {
    fn from(event: &Event<T>) -> Self {
        event.keys()
    }
}

impl From<&Envelope<'_>> for EventKeys {
    fn from(envelope: &Envelope<'_>) -> Self {
        envelope.keys()
    }
}

impl From<&Self> for EventKeys {
    fn from(keys: &Self) -> Self {
        *keys
    }
}

impl fmt::Debug for EventKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventKeys")
    }
}

/// The state of the hash FNV-1a with 128 bits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fnv(u128);

impl Fnv {
    const START: Self = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn add(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |Self(hash), &byte| Self((hash ^ u128::from(byte)).wrapping_mul(Self::PRIME)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The vectors of the draft of FNV (draft-eastlake-fnv) and of its reference implementation.
    #[test]
    fn the_hash_is_fnv_1a_with_128_bits() {
        for (text, hash) in [
            ("", 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d),
            ("a", 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964),
            ("foobar", 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18),
        ] {
            assert_eq!(Fnv::START.add(text.as_bytes()).0, hash, "{text}");
        }
    }

    /// Keys of released versions are in use: never change an expected value.
    #[test]
    fn keys_are_the_same_in_every_version() {
        for (id, body, name, key) in [
            (Some("e1"), "{}", "reply", "c578846a558658c6eb7def2c648748c7"),
            (Some("a7a1a5b2-55d4-5d1c-8f0b-7a6b5bd3a1a4"), "", "reply", "2381c980bc0ad96f81afbde0cdf04072"),
            (Some("é"), "", "", "e181509fd15fe9693d981b9785767e7f"),
            (None, "{}", "reply", "15d17b0d78fe803ba5c178265a7046ef"),
            (Some(""), "{}", "reply", "15d17b0d78fe803ba5c178265a7046ef"),
        ] {
            assert_eq!(EventKeys::new(id, body.as_bytes()).key(name).as_str(), key, "{id:?} {name}");
        }
    }

    #[test]
    fn no_two_pairs_of_identity_and_name_have_one_key() {
        let parts = ["", "e", "e1", "e12", "1", "2", "12", ":", "1:", "e:1", "\0", "reply", "body:1:e"];
        let mut keys = HashSet::new();
        let mut pairs = 0;
        for identity in parts {
            for name in parts {
                if !identity.is_empty() {
                    assert!(
                        keys.insert(EventKeys::new(Some(identity), b"body").key(name)),
                        "{identity} {name}"
                    );
                    pairs += 1;
                }
                assert!(
                    keys.insert(EventKeys::new(None, identity.as_bytes()).key(name)),
                    "{identity} {name}"
                );
                pairs += 1;
            }
        }
        assert_eq!(keys.len(), pairs);
    }
}

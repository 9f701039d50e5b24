use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use linq_types::{IdempotencyKey, events::EventKeys};

use crate::error::InvalidRequest;

/// Where idempotency keys come from.
#[derive(Clone, Default)]
pub(crate) enum KeySource {
    /// The operating system's random generator, where the target has one.
    #[default]
    System,
    /// A function of the application.
    Custom(Arc<dyn Fn() -> IdempotencyKey + Send + Sync>),
    /// The keys of a webhook event.
    Event(Arc<EventCalls>),
    /// No keys: what may have been executed is not retried.
    Off,
}

impl KeySource {
    pub(crate) fn for_event(keys: EventKeys) -> Self {
        Self::Event(Arc::new(EventCalls { keys, calls: Mutex::default() }))
    }

    /// Creates the key of a call of the operation with this id; `None` if keys are switched off.
    pub(crate) fn next(&self, operation: &'static str) -> Result<Option<IdempotencyKey>, InvalidRequest> {
        match self {
            Self::System => system().map(Some),
            Self::Custom(source) => Ok(Some(source())),
            Self::Event(calls) => Ok(Some(calls.next(operation))),
            Self::Off => Ok(None),
        }
    }
}

/// The calls made for one event, numbered for each operation, so that calls of other operations do not change their keys.
pub(crate) struct EventCalls {
    keys: EventKeys,
    calls: Mutex<Vec<(&'static str, u32)>>,
}

impl EventCalls {
    fn next(&self, operation: &'static str) -> IdempotencyKey {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let number = match calls.iter_mut().find(|(called, _)| *called == operation) {
            Some((_, number)) => {
                *number += 1;
                *number
            }
            None => {
                calls.push((operation, 1));
                1
            }
        };
        self.keys.key(&format!("{operation}#{number}"))
    }
}

/// Creates 128 random bits in hexadecimal. A key must not be predictable and must never repeat: the service responds to a
/// repeated one with the old message and sends nothing.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn system() -> Result<IdempotencyKey, InvalidRequest> {
    random(getrandom::fill)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system() -> Result<IdempotencyKey, InvalidRequest> {
    Err(InvalidRequest::NoKeySource)
}

/// Takes all bits from the generator for each key. State of this process would be copied with its memory, by a fork or a
/// snapshot of the machine, and both copies would make the same keys from it.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn random(
    fill: impl FnOnce(&mut [u8]) -> Result<(), getrandom::Error>,
) -> Result<IdempotencyKey, InvalidRequest> {
    let mut bits = [0; 16];
    fill(&mut bits).map_err(InvalidRequest::RandomGenerator)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)).into())
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Custom(_) => "Custom",
            Self::Event(_) => "Event",
            Self::Off => "Off",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use linq_types::Operation;

    use super::*;

    const SEND: &str = Operation::ChatsMessagesSend.id();

    fn fresh() -> IdempotencyKey {
        KeySource::System.next(SEND).unwrap().unwrap()
    }

    #[test]
    fn system_keys_are_128_bits_and_never_the_same() {
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(move || [(); 500].map(|()| fresh()))).collect();
        let keys: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert!(keys.iter().all(|key| key.as_str().len() == 32));
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }

    #[test]
    fn every_bit_of_a_system_key_is_random() {
        let ones = (0..400).fold([0_u32; 128], |mut ones, _| {
            let bits = u128::from_str_radix(fresh().as_str(), 16).unwrap();
            for (bit, count) in ones.iter_mut().enumerate() {
                *count += u32::from(bits >> bit & 1 == 1);
            }
            ones
        });
        assert!(ones.iter().all(|count| (100..300).contains(count)), "{ones:?}");
    }

    /// With the same state of the process, and the same thread, only the generator makes keys differ.
    #[test]
    fn a_system_key_is_the_bytes_of_the_generator_and_nothing_else() {
        for round in 0..3 {
            for byte in [0, 1, 0xab] {
                let key = random(|bits| {
                    bits.fill(byte);
                    Ok(())
                });
                assert_eq!(key.unwrap().as_str(), format!("{byte:02x}").repeat(16), "{round}");
            }
        }
    }

    #[test]
    fn a_failure_of_the_generator_is_an_error_with_its_cause() {
        let error = random(|_| Err(getrandom::Error::UNSUPPORTED)).unwrap_err();
        insta::assert_snapshot!(error, @"no idempotency key: the random generator of the operating system failed; call `ClientBuilder::key_source` or `Call::idempotency_key`");
        assert!(std::error::Error::source(&error).is_some());
    }

    #[test]
    fn calls_for_an_event_are_numbered_for_each_operation() {
        let keys = EventKeys::new(Some("e1"), b"");
        let source = KeySource::for_event(keys);
        let clone = source.clone();
        let create = Operation::ChatsCreate.id();
        for (source, operation, name) in [
            (&source, SEND, "chats.messages.send#1"),
            (&source, create, "chats.create#1"),
            (&clone, SEND, "chats.messages.send#2"),
            (&source, SEND, "chats.messages.send#3"),
            (&clone, create, "chats.create#2"),
        ] {
            assert_eq!(source.next(operation).unwrap(), Some(keys.key(name)), "{name}");
        }
        assert_eq!(
            KeySource::for_event(keys).next(SEND).unwrap(),
            Some(keys.key("chats.messages.send#1")),
            "another run of the handler starts again"
        );
    }

    /// Keys of released versions are in use: never change an expected value.
    #[test]
    fn the_keys_of_calls_for_an_event_are_the_same_in_every_version() {
        let source = KeySource::for_event(EventKeys::new(Some("e1"), b""));
        for key in ["3d3b128bab80982898604f6380717312", "3d3b128baa80982898604f63807171d7"] {
            assert_eq!(source.next(SEND).unwrap().unwrap().as_str(), key);
        }
    }
}

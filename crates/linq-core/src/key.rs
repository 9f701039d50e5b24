#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use std::hash::{BuildHasher, RandomState};
use std::{fmt, sync::Arc};

use linq_types::IdempotencyKey;

use crate::error::InvalidRequest;

/// Where idempotency keys come from.
#[derive(Clone, Default)]
pub(crate) enum KeySource {
    /// The operating system's random generator, where the target has one.
    #[default]
    System,
    /// A function of the application.
    Custom(Arc<dyn Fn() -> IdempotencyKey + Send + Sync>),
    /// No keys: what may have been executed is not retried.
    Off,
}

impl KeySource {
    /// Creates a key; `None` if keys are switched off.
    pub(crate) fn next(&self) -> Result<Option<IdempotencyKey>, InvalidRequest> {
        match self {
            Self::System => system().map(Some),
            Self::Custom(source) => Ok(Some(source())),
            Self::Off => Ok(None),
        }
    }
}

/// Creates 128 random bits in hexadecimal. A key must not be predictable: the service responds to a repeated one with the
/// old message and sends nothing.
///
/// Each `RandomState` is a keyed pseudo-random function of its own, whose key the standard library gets from the operating
/// system's random generator. The process id makes a fork differ from its parent.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
#[expect(clippy::unnecessary_wraps, reason = "not every target has a random generator")]
fn system() -> Result<IdempotencyKey, InvalidRequest> {
    let [high, low] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
    Ok(format!("{high:016x}{low:016x}").into())
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system() -> Result<IdempotencyKey, InvalidRequest> {
    Err(InvalidRequest::NoKeySource)
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Custom(_) => "Custom",
            Self::Off => "Off",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn system_keys_are_128_bits_and_never_the_same() {
        let fresh = || KeySource::System.next().unwrap().unwrap();
        let threads: Vec<_> =
            (0..4).map(|_| std::thread::spawn(move || [(); 500].map(|()| fresh()))).collect();
        let keys: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert!(keys.iter().all(|key| key.as_str().len() == 32));
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }

    #[test]
    fn every_bit_of_a_system_key_is_random() {
        let ones = (0..400).fold([0_u32; 128], |mut ones, _| {
            let key = KeySource::System.next().unwrap().unwrap();
            let bits = u128::from_str_radix(key.as_str(), 16).unwrap();
            for (bit, count) in ones.iter_mut().enumerate() {
                *count += u32::from(bits >> bit & 1 == 1);
            }
            ones
        });
        assert!(ones.iter().all(|count| (100..300).contains(count)), "{ones:?}");
    }
}

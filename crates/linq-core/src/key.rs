use std::{fmt, sync::Arc};

use linq_types::IdempotencyKey;

use crate::error::InvalidRequest;

/// Where idempotency keys come from.
#[derive(Clone, Default)]
pub(crate) enum KeySource {
    /// The operating system's random generator, where the target has one.
    #[default]
    System,
    /// A function of the application's.
    Custom(Arc<dyn Fn() -> IdempotencyKey + Send + Sync>),
    /// No keys: what may have been executed is not repeated.
    Off,
}

impl KeySource {
    /// A new key, or `None` where keys are switched off.
    pub(crate) fn next(&self) -> Result<Option<IdempotencyKey>, InvalidRequest> {
        match self {
            Self::System => system().map(Some),
            Self::Custom(source) => Ok(Some(source())),
            Self::Off => Ok(None),
        }
    }
}

/// 128 random bits in hexadecimal. Never a predictable key: the service would answer a repeated one with the old
/// message and send nothing.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn system() -> Result<IdempotencyKey, InvalidRequest> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|_| InvalidRequest::NoKeySource)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)).into())
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
    use super::*;

    #[test]
    fn system_keys_are_128_bits_and_differ() {
        let [one, other] = [(); 2].map(|()| KeySource::System.next().unwrap().unwrap());
        assert_eq!(one.as_str().len(), 32);
        let same =
            one.as_str().bytes().zip(other.as_str().bytes()).filter(|(one, other)| one == other).count();
        assert!(same < 20, "{one} and {other} have {same} digits in common");
    }
}

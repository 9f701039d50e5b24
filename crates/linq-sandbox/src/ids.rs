use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use linq_types::{EventId, TraceId, WebhookSubscriptionId};

const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// The source of randomness: the same seed gives the same values in the same order.
#[derive(Debug)]
pub(crate) struct Ids(fastrand::Rng);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Returns a new sequence that derives from this one.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    pub(crate) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid().to_string()
    }

    pub(crate) fn trace_id(&mut self) -> TraceId {
        format!("{:032x}", self.0.u128(..)).into()
    }

    /// Returns the signature of a URL.
    pub(crate) fn signature(&mut self) -> String {
        format!("{:032x}{:032x}", self.0.u128(..), self.0.u128(..))
    }

    pub(crate) fn signing_secret(&mut self) -> String {
        let mut key = [0; 32];
        self.0.fill(&mut key);
        format!("whsec_{}", BASE64_STANDARD.encode(key))
    }

    /// Returns six digits.
    pub(crate) fn digits(&mut self) -> String {
        format!("{:06}", self.0.u32(..1_000_000))
    }

    /// Returns a made-up file size.
    pub(crate) fn file_size(&mut self) -> u64 {
        self.0.u64(10_000..10_000_000)
    }

    /// Returns `true` with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    pub(crate) fn duration_up_to(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.0.f64())
    }
}

/// Returns a factor between 0.8 and 1.2. It depends only on the arguments, so that it does not depend on which of
/// several deliveries ends first.
pub(crate) fn jitter(
    seed: u64,
    event_id: &EventId,
    subscription_id: &WebhookSubscriptionId,
    attempt: u32,
) -> f64 {
    let bytes = event_id.as_str().bytes().chain(subscription_id.as_str().bytes());
    let hash = bytes.fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
    0.8 + 0.4 * fastrand::Rng::with_seed(hash ^ u64::from(attempt)).f64()
}

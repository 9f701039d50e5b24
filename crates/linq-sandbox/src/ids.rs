use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use linq_types::{EventId, TraceId, WebhookSubscriptionId};

const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// Everything that looks random: the same seed gives the same ids in the same order.
#[derive(Debug)]
pub(crate) struct Ids(fastrand::Rng);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A sequence of its own that depends on this one's state.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    pub(crate) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid().to_string()
    }

    pub(crate) fn trace_id(&mut self) -> TraceId {
        format!("{:032x}", self.0.u128(..)).into()
    }

    /// What signs an address.
    pub(crate) fn signature(&mut self) -> String {
        format!("{:032x}{:032x}", self.0.u128(..), self.0.u128(..))
    }

    pub(crate) fn signing_secret(&mut self) -> String {
        let mut key = [0; 32];
        self.0.fill(&mut key);
        format!("whsec_{}", BASE64_STANDARD.encode(key))
    }

    /// Six of them.
    pub(crate) fn digits(&mut self) -> String {
        format!("{:06}", self.0.u32(..1_000_000))
    }

    /// The size of a file that was never fetched.
    pub(crate) fn file_size(&mut self) -> u64 {
        self.0.u64(10_000..10_000_000)
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    pub(crate) fn duration_up_to(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.0.f64())
    }
}

/// A factor between 0.8 and 1.2. It depends on nothing but what it is for, so that it is the same whichever of
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

//! Signatures: checking those of deliveries, and making them.

mod canonical;
mod error;
mod from_env;
mod header;
mod invalid_secret;
mod keys;
mod scheme;
mod schemes;
mod signature;
mod signer;
mod verified;
mod verifier;

pub use canonical::NoCanonicalForm;
pub use error::VerifyError;
pub use from_env::FromEnvError;
pub use invalid_secret::InvalidSecret;
pub use scheme::Scheme;
pub use schemes::Schemes;
pub use signer::Signer;
pub use verified::Verified;
pub use verifier::Verifier;

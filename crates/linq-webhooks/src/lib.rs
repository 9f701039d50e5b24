//! Webhooks of the Linq API: for now what signs and verifies them.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod clock;
mod header;
mod scheme;
mod secret;
mod signature;
mod signer;
mod verified;
mod verifier;
mod verify_error;

pub use linq_types::events;
pub use scheme::Scheme;
pub use secret::InvalidSecret;
pub use signer::Signer;
pub use verified::Verified;
pub use verifier::Verifier;
pub use verify_error::VerifyError;

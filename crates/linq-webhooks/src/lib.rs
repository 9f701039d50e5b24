//! Webhooks of the Linq API: for now what signs them.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod header;
mod secret;
mod signer;

pub use secret::InvalidSecret;
pub use signer::Signer;

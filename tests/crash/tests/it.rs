//! Processes that are killed at any moment, and a judge that counts what their store promised and did not keep.
#![expect(clippy::disallowed_methods, reason = "real processes need real time")]

#[cfg(test)]
mod it {
    mod judge;
    mod kills;
    #[path = "../../../../crates/linq-postgres/tests/it/server.rs"]
    mod server;
    mod service;
    mod victim;
}

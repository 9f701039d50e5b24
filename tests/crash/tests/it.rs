//! Processes and servers that are killed at any moment, and a judge that counts what their store promised and did not keep.
#![expect(clippy::disallowed_methods, reason = "real processes need real time")]

#[cfg(test)]
mod it {
    mod api;
    mod contents;
    mod faults;
    mod judge;
    mod kills;
    mod log_position;
    mod others;
    mod poster;
    #[path = "../../../../crates/linq-postgres/tests/it/server.rs"]
    mod postgres;
    #[expect(dead_code, reason = "the tests of linq-redis use more of it")]
    #[path = "../../../../crates/linq-redis/tests/it/server.rs"]
    mod redis;
    mod scene;
    mod servers;
    mod syncs;
    mod trace;
    mod victim;
    mod watchdog;
}

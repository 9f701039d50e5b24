//! The store on real servers, which the tests start in temporary folders.
#![expect(clippy::disallowed_methods, reason = "real servers need real time")]

#[cfg(test)]
mod it {
    mod cluster;
    mod conformance;
    mod failures;
    mod memory;
    mod processes;
    mod server;
    mod settings;
    mod store;
    mod threads;
}

//! The store on real servers, which the tests start in temporary folders.
#![expect(clippy::disallowed_methods, reason = "real servers need real time")]

#[cfg(test)]
mod it {
    mod add;
    mod claims;
    mod conformance;
    mod failures;
    mod processes;
    mod server;
    mod store;
}

//! The store on real servers, which the tests start in temporary folders.

#[cfg(test)]
mod it {
    mod conformance;
    mod failures;
    mod processes;
    mod server;
}

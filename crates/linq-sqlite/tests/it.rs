//! The store on real databases, in temporary folders.
#![expect(clippy::disallowed_methods, reason = "another thread waits for real time")]

#[cfg(test)]
mod it {
    mod conformance;
    mod enqueue;
    mod files;
    mod processes;
}

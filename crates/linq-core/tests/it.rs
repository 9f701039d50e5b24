//! The client on a backend that plays a script.
#![cfg(test)]

mod it {
    mod script;
    mod stream;
    mod tracing;
}

//! The public API of the client, on a backend that plays a script.
#![cfg(test)]

mod it {
    mod calls;
    mod clock;
    mod handles;
    mod lists;
    mod pace;
    mod reference;
    mod script;
    mod settings;
    mod stored_calls;
    #[cfg(feature = "stream")]
    mod stream;
    #[cfg(feature = "tracing")]
    mod tracing;
}

//! The public API of the client, on a backend that plays a script.
#![cfg(test)]

mod it {
    mod calls;
    mod clock;
    mod conversations;
    mod deliveries;
    mod handles;
    mod lists;
    mod pace;
    mod reference;
    mod retries;
    mod script;
    mod sequences;
    mod settings;
    mod stored_calls;
    #[cfg(feature = "stream")]
    mod stream;
    mod timeline;
    #[cfg(feature = "tracing")]
    mod tracing;
    mod typing;
    // Further features add types of the same name, so that compilers write longer paths.
    #[cfg(not(any(feature = "blocking", feature = "stream", feature = "v2")))]
    mod ui;
    #[cfg(feature = "v2")]
    mod v2;
}

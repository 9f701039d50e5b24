//! How large the values are that programs hold many of, move about, or return from everywhere.
#![cfg(target_pointer_width = "64")]

use linq::{
    Call, CallFuture, Client, Error, TransportError, blocking,
    types::{
        ChatId, Timestamp,
        events::{Event, EventData},
        json::JsonError,
        messages::Message,
        parts::PartResponse,
    },
    webhooks::{Receiver, Router, Verified, Verifier, VerifyError},
};

/// Fails to compile when a type is larger than so many bytes.
macro_rules! at_most {
    ($($bytes:literal $type:ty,)+) => {$(
        const _: () = assert!(size_of::<$type>() <= $bytes, stringify!($type));
    )+};
}

// What is cloned for each task.
at_most! {
    24 Client,
    24 blocking::Client,
    24 Verifier,
    80 Receiver<Router<Client, Error>>,
}

// What stands in the other half of a `Result`.
at_most! {
    8 Error,
    24 TransportError,
    40 VerifyError,
    56 JsonError,
}

// What a future holds while it waits.
at_most! {
    288 Call<'static, Client, Message>,
    16 CallFuture<'static, Message>,
}

// What comes by the thousand.
at_most! {
    16 ChatId,
    24 Timestamp,
    152 PartResponse,
    528 Message,
    80 Verified,
    728 EventData,
    880 Event,
}

//! The sizes of values that programs hold many of, move often, or return from many functions.
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

/// Fails to compile if a type is larger.
macro_rules! at_most {
    ($($bytes:literal $type:ty,)+) => {$(
        const _: () = assert!(size_of::<$type>() <= $bytes, stringify!($type));
    )+};
}

// Cloned for each task.
at_most! {
    24 Client,
    24 blocking::Client,
    24 Verifier,
    48 Receiver<Router<Client, Error>>,
}

// In a `Result`.
at_most! {
    8 Error,
    24 TransportError,
    40 VerifyError,
    56 JsonError,
}

// Held by futures.
at_most! {
    312 Call<'static, Client, Message>,
    16 CallFuture<'static, Message>,
}

// Held by the thousands.
at_most! {
    16 ChatId,
    24 Timestamp,
    152 PartResponse,
    528 Message,
    80 Verified,
    728 EventData,
    880 Event,
}

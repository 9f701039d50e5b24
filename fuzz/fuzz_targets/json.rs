//! Reads any bytes as JSON with our reader and with `serde_json`: value or error are the same, except for what our reader
//! accepts on purpose.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use linq_types::json::from_slice;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "compared by what `Debug` writes")]
struct Typed {
    a: String,
    b: Option<i64>,
    c: Option<f64>,
    d: Option<bool>,
    #[serde(default)]
    e: Vec<Typed>,
    f: Option<(u8, char)>,
    #[serde(default)]
    g: BTreeMap<u16, Value>,
    h: Option<Choice>,
    i: Option<u128>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "compared by what `Debug` writes")]
enum Choice {
    Unit,
    New(u8),
    Pair(u8, bool),
    Fields { a: String },
}

fuzz_target!(|json: &[u8]| {
    compare::<Value>(json);
    compare::<Typed>(json);
    compare::<Box<RawValue>>(json);
});

fn compare<T: DeserializeOwned + std::fmt::Debug>(json: &[u8]) {
    let ours = from_slice::<T>(json);
    // serde_json validates the encoding of each string when it reads it; our reader, that of the whole text.
    if str::from_utf8(json).is_err() {
        assert!(ours.is_err_and(|error| error.is_syntax()));
        return;
    }
    match (ours, serde_json::from_slice::<T>(json)) {
        (Ok(ours), Ok(reference)) => assert_eq!(format!("{ours:?}"), format!("{reference:?}")),
        (_, Err(reference)) if is_lenient(&reference.to_string()) => {}
        (Err(ours), Err(reference)) => assert_eq!(
            ours.is_syntax(),
            reference.is_syntax() || reference.is_eof(),
            "{ours} {reference}"
        ),
        (ours, reference) => panic!("{ours:?} {reference:?}"),
    }
}

/// Whether the reference rejects what our reader accepts.
fn is_lenient(reference: &str) -> bool {
    let reason = reference.split(" at line ").next().unwrap_or_default();
    let expects_integer = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"].iter().any(|kind| reason.ends_with(kind));
    match reason {
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => true,
        "invalid type: null, expected a sequence" => true,
        _ => {
            (reason.starts_with("invalid type: string") || reason.starts_with("invalid type: floating"))
                && expects_integer
        }
    }
}

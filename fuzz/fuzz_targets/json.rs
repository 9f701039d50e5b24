//! Reads any bytes as JSON with our two readers and with `serde_json`: the strict reader has the same value or error, except
//! for half of a surrogate pair; the lenient reader has the same value, except for structs in the form of an array, and may have
//! one where the reference has an error.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use linq_types::json::{from_slice, from_slice_strict};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
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
    let (lenient, strict) = (from_slice::<T>(json), from_slice_strict::<T>(json));
    // serde_json validates the encoding of each string when it reads it; our reader, that of the whole text.
    if str::from_utf8(json).is_err() {
        assert!(lenient.is_err_and(|error| error.is_syntax()));
        assert!(strict.is_err_and(|error| error.is_syntax()));
        return;
    }
    match (lenient, strict, serde_json::from_slice::<T>(json)) {
        (lenient, Ok(strict), Ok(reference)) => {
            assert_eq!(format!("{strict:?}"), format!("{reference:?}"));
            match lenient {
                // An optional variant with fields, in the form of an array, is absent.
                Ok(lenient) if !json.windows(6).any(|text| text == b"Fields") => {
                    assert_eq!(format!("{lenient:?}"), format!("{reference:?}"));
                }
                Ok(_) => {}
                Err(error) => assert!(error.to_string().contains("invalid type: sequence"), "{error}"),
            }
        }
        (_, _, Err(reference)) if is_half_of_a_pair(&reference.to_string()) => {}
        (lenient, Err(strict), Err(reference)) => {
            assert_eq!(strict.is_syntax(), reference.is_syntax() || reference.is_eof(), "{strict} {reference}");
            // The lenient reader may accept JSON of another type or beyond the limits of the reference.
            if lenient.is_ok() {
                let json = from_slice_strict::<IgnoredAny>(json);
                assert!(json.is_ok() && !reference.to_string().starts_with("duplicate field"), "{reference}");
            }
        }
        (lenient, strict, reference) => panic!("{lenient:?} {strict:?} {reference:?}"),
    }
}

/// Whether the reference rejects half of a surrogate pair, which both of our readers accept.
fn is_half_of_a_pair(reference: &str) -> bool {
    let reason = reference.split(" at line ").next().unwrap_or_default();
    matches!(reason, "lone leading surrogate in hex escape" | "unexpected end of hex escape")
}

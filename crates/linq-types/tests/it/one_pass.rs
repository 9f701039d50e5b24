//! Reading an event in one pass has the same result, value or error, as reading its envelope and then its payload.

use std::error::Error as _;

use linq_types::events::{Envelope, Event};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::data::folder;

/// All values of an event, or the event type, if it is known, and the error.
type Reading = Result<String, (Option<String>, String)>;

fn in_one_pass(body: &[u8]) -> Reading {
    match Event::parse_unverified(body.to_vec()) {
        Ok(event) => {
            let ids = (&event.event_id, &event.trace_id, &event.partner_id);
            let versions = (&event.api_version, &event.webhook_version);
            Ok(format!("{ids:?} {versions:?} {:?} {:?} {:?}", event.event_type, event.created_at, event.data))
        }
        Err(error) => {
            let event_type = error.event_type().map(|event_type| event_type.as_str().to_owned());
            Err((event_type, error.source().unwrap().to_string()))
        }
    }
}

fn in_two(body: &[u8]) -> Reading {
    let envelope = Envelope::parse_unverified(body).map_err(|error| (None, error.to_string()))?;
    let event_type = envelope.event_type();
    let data =
        envelope.parse_data().map_err(|error| (Some(event_type.as_str().to_owned()), error.to_string()))?;
    let ids = (
        envelope.event_id().map(linq_types::EventId::from),
        envelope.trace_id().map(linq_types::TraceId::from),
        envelope.partner_id().map(linq_types::PartnerId::from),
    );
    let versions = (envelope.api_version(), envelope.webhook_version());
    Ok(format!("{ids:?} {versions:?} {event_type:?} {:?} {data:?}", envelope.created_at()))
}

/// One of the usual values, and rarely an odd one.
fn value(
    usual: &'static [&'static str],
    odd: &'static [&'static str],
) -> impl Strategy<Value = String> + use<> {
    prop_oneof![15 => select(usual), 1 => select(odd)].prop_map(str::to_owned)
}

fn data() -> impl Strategy<Value = String> {
    const DATA: &[&str] = &[
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"type":"text","value":"hi"}]}"#,
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"value":"hi","type":"text"}],"sent_at":"2026-02-05T14:52:22.291-05:00"}"#,
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[],"event_type":"reaction.added","webhook_version":"2025-01-01","data":{"api_version":"v2"}}"#,
        r#"{"chat_id":"c1","message":{"id":"m1","parts":[{"type":"text","value":"\",\"event_type\":\"message.read\",\""}]}}"#,
        r#"{"is_from_me":true,"reaction_type":"love","id":"1","chat":{"id":"c1"},"direction":"outbound","parts":[]}"#,
        r#"{"id":"m1","id":"m2","chat":{"id":"c1"},"direction":"inbound","parts":[]}"#,
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"type":"text","value":"\ud83c"}]}"#,
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"brand_new":1e400,"type":"text","value":"hi"}],"x":1e400}"#,
        r#"{"id":12345,"fields":[{}],"is_from_me":null}"#,
        r#"["m1",{"id":"c1"},"inbound",[]]"#,
        "{}",
        "null",
        "1e400",
    ];
    // Around the maximum depth, 128.
    let deep = (120..132_usize).prop_map(|depth| {
        let nested = "[".repeat(depth) + &"]".repeat(depth);
        let part = format!(r#"{{"type":"hologram","a":{nested}}}"#);
        format!(r#"{{"id":"m1","chat":{{"id":"c1"}},"direction":"inbound","parts":[{part}]}}"#)
    });
    prop_oneof![10 => select(DATA).prop_map(str::to_owned), 1 => deep]
}

/// A field of the envelope: usually present once, and written without escapes.
fn field(
    name: &'static str,
    value: impl Strategy<Value = String> + 'static,
) -> impl Strategy<Value = Vec<String>> {
    let escaped = format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..]);
    let name = prop_oneof![15 => Just(name.to_owned()), 1 => Just(escaped)];
    let field = (name, value).prop_map(|(name, value)| format!("\"{name}\":{value}")).boxed();
    prop_oneof![20 => vec(field.clone(), 1), 1 => vec(field, 0..3)]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    const EVENT_TYPES: &[&str] = &[
        r#""message.received""#,
        r#""message.read""#,
        r#""reaction.added""#,
        r#""reaction\u002eadded""#,
        r#""contact.deleted""#,
        r#""call.ringing""#,
    ];
    const VERSIONS: &[&str] = &[r#""2026-02-03""#, r#""2025-01-01""#, r#""2031-01-01""#, "null"];
    const UNKNOWN: &[&str] = &["1e400", r#"{"event_type":"message.read"}"#, r#""\ud800""#];
    // A long value moves the fields before it away from the end of the body.
    let trace_id =
        prop_oneof![value(&[r#""t1""#, "null"], &["[]"]), Just(format!("\"{}\"", "t".repeat(600)))];
    let fields = (
        field("event_id", value(&[r#""e1""#, r#""\u0065""#], &["7", r#""\ud800""#, "null"])),
        field("event_type", value(EVENT_TYPES, &["null", r#""""#, r#"["message.received"]"#])),
        field("api_version", value(&[r#""v3""#, r#""v2""#, r#""v\u0032""#, "null"], &["2", "{}"])),
        field("webhook_version", value(VERSIONS, &["1"])),
        field("created_at", value(&[r#""2026-02-05T19:53:01Z""#, "1770321138", "null"], &[r#""yesterday""#])),
        field("trace_id", trace_id),
        field("unknown", value(UNKNOWN, &["nan", "{"])),
        field("data", data()),
    );
    let fields = fields.prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h].concat());
    fields.prop_shuffle().prop_map(|fields| format!("{{{}}}", fields.join(",")).into_bytes())
}

fn samples() -> Vec<String> {
    ["events/v3-0.65.0", "events/v3-2025-01-01", "events/v2"]
        .into_iter()
        .flat_map(|name| folder(name).into_values())
        .collect()
}

/// The body, the body with one byte changed, or the start of the body.
fn damaged(body: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![select(br#""\{}[]:,e0 "#.as_slice()), any::<u8>()];
    (Just(body), any::<Index>(), byte, 0..4_u8).prop_map(|(mut body, at, byte, how)| {
        let at = at.index(body.len());
        match how {
            0 => body[at] = byte,
            1 => body.truncate(at),
            _ => {}
        }
        body
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn one_pass_equals_two_for_any_order_of_keys_and_any_damage(body in body().prop_flat_map(damaged)) {
        prop_assert_eq!(in_one_pass(&body), in_two(&body));
    }

    #[test]
    fn one_pass_equals_two_for_a_damaged_sample(
        body in select(samples()).prop_flat_map(|sample| damaged(sample.into_bytes())),
    ) {
        prop_assert_eq!(in_one_pass(&body), in_two(&body));
    }
}

#[test]
fn one_pass_equals_two_for_every_sample() {
    for sample in samples() {
        assert_eq!(in_one_pass(sample.as_bytes()), in_two(sample.as_bytes()), "{sample}");
    }
}

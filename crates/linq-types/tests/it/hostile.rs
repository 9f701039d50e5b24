//! Malicious and broken bodies: never a panic, and an error with the path of the fault and the body.

use linq_types::{
    events::{Event, EventData, EventType},
    parts::PartResponse,
};
use serde_json::Value;

const MESSAGE: &str = r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[]}"#;

fn envelope(versions: &str, event_type: &str, data: &str) -> String {
    format!(r#"{{{versions}"event_id":"e1","event_type":"{event_type}","data":{data}}}"#)
}

fn nested(open: &str, levels: usize, close: &str) -> String {
    format!("{}{}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn a_body_that_is_not_an_event_is_an_error_with_the_body() {
    let received = |data: &str| envelope("", "message.received", data);
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("blank", b" \n ".to_vec()),
        ("null", b"null".to_vec()),
        ("a number", b"7".to_vec()),
        ("text", br#""message.received""#.to_vec()),
        ("an array", format!("[{}]", received(MESSAGE)).into()),
        ("an empty object", b"{}".to_vec()),
        ("html", b"<html>".to_vec()),
        ("two events", received(MESSAGE).repeat(2).into()),
        ("a byte order mark", format!("\u{feff}{}", received(MESSAGE)).into()),
        ("truncated", received(MESSAGE)[..40].into()),
        ("deep nesting, open", "[".repeat(1_000_000).into()),
        ("deep nesting of objects, open", r#"{"a":"#.repeat(1_000_000).into()),
        (
            "deep nesting in data, open",
            format!(r#"{{"event_id":"e1","data":{}"#, "[".repeat(1_000_000)).into(),
        ),
        ("the id twice", br#"{"event_id":"e1","event_id":"e2","event_type":"a","data":{}}"#.to_vec()),
        ("the type twice", br#"{"event_id":"e1","event_type":"a","event_type":"b","data":{}}"#.to_vec()),
        ("data twice", br#"{"event_id":"e1","event_type":"a","data":{},"data":{}}"#.to_vec()),
        ("a number as type", br#"{"event_id":"e","event_type":7,"data":{}}"#.to_vec()),
        ("10 MB of zeros", vec![0; 10_000_000]),
        ("10 MB of an open string", [br#"{"event_id":""#.as_slice(), &vec![b'a'; 10_000_000]].concat()),
        ("10 MB of backslashes", [br#"{"event_id":""#.as_slice(), &vec![b'\\'; 10_000_001]].concat()),
        (
            "10 MB of noise",
            (0..10_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect(),
        ),
    ];
    let mut cut = received(r#"{"a":""#).into_bytes();
    cut.extend([0xf0, 0x9f]);
    cases.push(("truncated UTF-8", cut));
    let mut split = received(r#""?""#).into_bytes();
    let at = split.iter().position(|byte| *byte == b'?').unwrap();
    split[at] = 0xe2;
    cases.push(("half a character", split));
    for (name, body) in cases {
        let error = Event::parse_unverified(body.clone()).expect_err(name);
        assert_eq!(error.event_type(), None, "{name}");
        assert_eq!(error.raw(), body, "{name}");
        assert!(error.path().len() < 2_000, "{name}");
        assert!(error.into_event().is_none(), "{name}");
    }
}

#[test]
fn an_invalid_payload_is_an_error_with_its_path_and_the_event() {
    let parts = |part: &str| MESSAGE.replace("[]", &format!("[{part}]"));
    let deep = nested("[", 10_000, "]");
    let v3 = "";
    let older = r#""webhook_version":"2025-01-01","#;
    let v2 = r#""api_version":"v2","#;
    let received = "message.received";
    for (versions, event_type, data, path) in [
        (v3, received, "null".to_owned(), "data"),
        (v3, received, "[]".to_owned(), "data"),
        (v3, received, r#"["m1",{"id":"c1"},"inbound",[]]"#.to_owned(), "data"),
        (v3, received, "{}".to_owned(), "data"),
        (v3, received, deep.clone(), "data"),
        (v3, received, MESSAGE.replacen('{', r#"{"id":"m0","#, 1), "data.id"),
        (v3, received, MESSAGE.replace(r#""m1""#, "1e400"), "data.id"),
        (v3, received, MESSAGE.replace("[]", "7"), "data.parts"),
        (v3, received, MESSAGE.replace("[]", r#"["hi"]"#), "data.parts[0]"),
        (v3, received, parts(r#"{"type":"text","value":"hi","type":"link"}"#), "data.parts[0]"),
        (v3, received, parts(r#"{"type":"text","value":"hi","value":"ho"}"#), "data.parts[0].value"),
        (
            v3,
            received,
            MESSAGE.replacen('{', r#"{"effect":{"name":"slam","name":"echo"},"#, 1),
            "data.effect.name",
        ),
        (v3, received, parts(&format!(r#"{{"type":"hologram","depth":{deep}}}"#)), "data.parts[0].depth"),
        (v3, "message.failed", r#"{"code":"many"}"#.to_owned(), "data.code"),
        (older, received, "null".to_owned(), "data"),
        (older, received, r#"{"message":7}"#.to_owned(), "data.message"),
        (older, received, r#"{"message":{"parts":[7]}}"#.to_owned(), "data.message.parts[0]"),
        (v2, received, "[]".to_owned(), "data"),
        (v2, "participant.removed", "null".to_owned(), "data"),
    ] {
        let body = envelope(versions, event_type, &data);
        let shown = &body[..body.len().min(300)];
        let error = Event::parse_unverified(body.clone()).expect_err(shown);
        assert!(error.path().starts_with(path), "{}: {shown}", error.path());
        assert!(path != "data.parts[0].depth" || error.path().len() < 2_000);
        if path != "data.parts[0].depth" && data != deep {
            assert_eq!(error.path(), path, "{shown}");
        }
        assert_eq!(error.event_type(), Some(&EventType::from(event_type)), "{shown}");
        assert_eq!(error.raw(), body.as_bytes(), "{shown}");
        let event = error.into_event().unwrap();
        assert_eq!(
            (event.event_id.as_ref().map(|id| id.as_str()), event.raw()),
            (Some("e1"), body.as_bytes())
        );
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
        let EventData::Unknown(unread) = event.data else { panic!("{shown}") };
        assert_eq!(unread.as_str(), data, "{shown}");
    }
}

#[test]
fn a_secondary_value_beyond_every_limit_is_absent() {
    let deep = nested("[", 10_000, "]");
    for value in ["1e400", "-1e400", "9223372036854775807", "18446744073709551616", deep.as_str()] {
        let body =
            envelope("", "message.received", &MESSAGE.replacen('{', &format!(r#"{{"sent_at":{value},"#), 1));
        let body = body.replacen('{', &format!(r#"{{"created_at":{value},"partner_id":{value},"#), 1);
        let event = Event::parse_unverified(body).unwrap();
        assert_eq!((event.created_at, &event.partner_id), (None, &None), "{value:.20}");
        assert_eq!(event.message().unwrap().sent_at, None, "{value:.20}");
    }
}

#[test]
fn a_known_part_that_cannot_be_read_is_an_unknown_part_with_all_its_fields() {
    let older = r#""webhook_version":"2025-01-01","#;
    for part in [
        r#"{"type":"text"}"#,
        r#"{"type":"text","value":7,"reactions":[]}"#,
        r#"{"type":"media","mime_type":"image/png"}"#,
        r#"{"type":"media","url":null,"id":7}"#,
        r#"{"type":"link","value":{"url":"https://example.com"}}"#,
        r#"{"type":"app_clip"}"#,
        r#"{"type":7,"value":"hi"}"#,
        r#"{"value":"hi"}"#,
    ] {
        for (versions, data) in [
            ("", MESSAGE.replace("[]", &format!(r#"[{part},{{"type":"text","value":"hi"}}]"#))),
            (older, format!(r#"{{"message":{{"parts":[{part},{{"type":"text","value":"hi"}}]}}}}"#)),
        ] {
            let event = Event::parse_unverified(envelope(versions, "message.received", &data)).unwrap();
            let message = event.message().unwrap();
            assert_eq!((message.parts.len(), message.text()), (2, "hi".to_owned()), "{part}");
            let PartResponse::Unknown(fields) = &message.parts[0] else { panic!("{part}: {message:?}") };
            assert_eq!(fields.to_string(), serde_json::from_str::<Value>(part).unwrap().to_string());
        }
    }
}

#[test]
fn half_of_a_surrogate_pair_reads_as_the_replacement_character() {
    for (body, expected) in [
        (envelope("", "a", "{}").replace("e1", r"e\ud800"), "e\u{fffd}"),
        (envelope("", "a", "{}").replace("e1", r"\udc00e"), "\u{fffd}e"),
        (envelope("", "a", "{}").replace("e1", r"\ud83d\ud83d\ude00"), "\u{fffd}😀"),
        (envelope("", "a", "{}").replace("e1", r"\ud83d\u0041"), "\u{fffd}A"),
        (envelope(r#""\ud800":1,"#, "a", "{}"), "e1"),
    ] {
        let event = Event::parse_unverified(body.clone()).unwrap();
        assert_eq!(event.event_id.as_ref().unwrap(), expected, "{body}");
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
    }
    let text = r#"{"type":"text","value":"\ud83c!"}"#;
    let body = envelope("", "message.received", &MESSAGE.replace("[]", &format!("[{text}]")));
    let EventData::MessageReceived(message) = Event::parse_unverified(body).unwrap().data else { panic!() };
    assert_eq!(message.text(), "\u{fffd}!");
}

#[test]
fn any_json_is_accepted_where_no_type_describes_it() {
    let deep = nested(r#"{"a":"#, 10_000, "").replace(r#"{"a":"#, r#"{"a":["#) + "1" + &"]}".repeat(10_000);
    for data in [deep.as_str(), "1e400", r#"{"a":1,"a":2}"#, r#""\ud800""#, "null", "[]"] {
        let event = Event::parse_unverified(envelope("", "comet.sighted", data)).unwrap();
        let EventData::Unknown(unread) = &event.data else { panic!("{event:?}") };
        assert_eq!(unread.as_str(), data);
        let known = MESSAGE.replacen('{', &format!(r#"{{"brand_new":{data},"#), 1);
        let event = Event::parse_unverified(envelope("", "message.received", &known)).unwrap();
        assert!(matches!(event.data, EventData::MessageReceived(_)));
    }
    let without =
        Event::parse_unverified(br#"{"event_id":"e1","event_type":"comet.sighted"}"#.to_vec()).unwrap();
    assert!(matches!(without.data, EventData::Unknown(data) if data.as_str() == "null"));
}

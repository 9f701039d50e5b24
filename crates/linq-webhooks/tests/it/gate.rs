//! Conditions around a handler.

use std::{
    error::Error,
    sync::{Arc, Mutex},
};

use linq_types::Handle;
use linq_webhooks::{
    EventHandler, Gate, GateError,
    IgnoreReason::{self, History, NotAllowed, NotMentioned, OptedOut, OtherLine, Own},
    MemoryOptOuts, OptOuts, Outcome, Timestamp, block_on,
    events::{Event, EventPayload as _, Interest, MessageReceived},
};
use serde_json::{Value, json};

const LINE: &str = "+12025550100";
const ADA: &str = "+12025550199";

/// Records the ids of the events that it gets, and fails with these errors first.
#[derive(Default)]
struct Bot {
    got: Mutex<Vec<String>>,
    errors: Mutex<Vec<u16>>,
}

impl EventHandler for Bot {
    type Error = u16;

    async fn handle(&self, event: Event) -> Result<Outcome, u16> {
        self.got.lock().unwrap().push(event.event_id.unwrap().to_string());
        self.errors.lock().unwrap().pop().map_or(Ok(Outcome::Handled), Err)
    }
}

impl Bot {
    fn failing(error: u16) -> Self {
        Self { errors: Mutex::new(vec![error]), ..Self::default() }
    }
}

fn event(id: &str, event_type: &str, data: Value) -> Event {
    let mut body = json!({ "event_id": id, "event_type": event_type });
    body["data"] = data;
    Event::parse_unverified(body.to_string()).unwrap()
}

/// A message from Ada at this second.
fn says(id: &str, text: &str, second: i64) -> Event {
    event(id, "message.received", message(text, second))
}

fn message(text: &str, second: i64) -> Value {
    json!({
        "id": "m1", "direction": "inbound", "sent_at": at(second),
        "chat": { "id": "c1", "is_group": false, "owner_handle": { "handle": LINE } },
        "sender_handle": { "handle": ADA }, "parts": [{ "type": "text", "value": text }],
    })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(1_790_000_000 + second, 0).unwrap()
}

/// The message with this field replaced.
fn with(pointer: &str, value: Value) -> Event {
    let mut data = message("hi", 0);
    *data.pointer_mut(pointer).unwrap() = value;
    event("e1", "message.received", data)
}

fn handle<O: OptOuts>(gate: &Gate<Bot, O>, event: Event) -> Outcome {
    block_on(gate.handle(event)).unwrap()
}

#[test]
fn each_condition_ignores_its_events_with_its_reason_and_passes_all_others() {
    let reaction = |is_from_me: bool| {
        event("e1", "reaction.added", json!({ "is_from_me": is_from_me, "from_handle": { "handle": ADA } }))
    };
    let mentioning =
        json!([{ "type": "text", "value": "you?", "mentions": [{ "handle": LINE, "is_me": true }] }]);
    let in_group = |parts: Value| {
        let mut data = message("hi", 0);
        data["chat"]["is_group"] = json!(true);
        data["parts"] = parts;
        event("e1", "message.received", data)
    };
    let mut reconciled = message("hi", 0);
    reconciled["reconciled_at"] = json!(at(9));
    let reconciled = event("e1", "message.received", reconciled);
    let card = |owner: &str| {
        event("e1", "contact_card.received", json!({ "owner_handle": owner, "sender_handle": ADA }))
    };
    let report = with("/direction", json!("outbound"));
    let report = event(
        "e1",
        "message.delivered",
        serde_json::from_slice::<Value>(report.raw()).unwrap()["data"].clone(),
    );
    let account = event("e1", "api_token.created", json!({}));
    let hi = || says("e1", "hi", 0);

    type Condition = fn(Gate<Bot>) -> Gate<Bot>;
    let cases: [(Condition, IgnoreReason, Vec<Event>, Vec<Event>); 6] = [
        (
            Gate::skip_own,
            Own,
            vec![with("/direction", json!("outbound")), reaction(true)],
            vec![hi(), reaction(false), report.clone(), account.clone()],
        ),
        (
            |gate| gate.only_lines([LINE]),
            OtherLine,
            vec![with("/chat/owner_handle/handle", json!("+12025550101")), card("+12025550101")],
            vec![hi(), card(LINE), reaction(false), account.clone()],
        ),
        (Gate::skip_history, History, vec![reconciled], vec![hi(), account.clone()]),
        (
            Gate::groups_only_if_mentioned,
            NotMentioned,
            vec![in_group(json!([{ "type": "text", "value": "hi all" }]))],
            vec![hi(), in_group(mentioning), account.clone()],
        ),
        (
            |gate| gate.allow([ADA]),
            NotAllowed,
            vec![with("/sender_handle/handle", json!("+12025550198")), with("/sender_handle", json!(null))],
            vec![hi(), reaction(false), report, account.clone()],
        ),
        (
            |gate| gate.filter(|event| event.data.is_group() == Some(false)),
            IgnoreReason::Filtered,
            vec![account],
            vec![hi()],
        ),
    ];
    for (condition, reason, ignored, passed) in cases {
        let gate = condition(Gate::new(Bot::default()));
        for event in ignored {
            assert_eq!(handle(&gate, event.clone()), Outcome::Ignored(reason), "{event:?}");
            assert_eq!(handle(&Gate::new(Bot::default()), event), Outcome::Handled);
        }
        assert!(gate.handler().got.lock().unwrap().is_empty(), "{reason:?}");
        for event in passed {
            assert_eq!(handle(&gate, event.clone()), Outcome::Handled, "{reason:?}: {event:?}");
        }
    }
}

#[test]
fn a_gate_accepts_the_events_of_its_handler_and_returns_its_errors() {
    struct Messages;

    impl EventHandler for Messages {
        type Error = &'static str;
        const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

        async fn handle(&self, _: Event) -> Result<Outcome, Self::Error> {
            Err("away")
        }
    }

    let gate = Gate::new(Gate::new(Messages).skip_own()).skip_history();
    assert_eq!(gate.events(), Messages::EVENTS);
    let error = block_on(gate.handle(says("e1", "hi", 0))).unwrap_err();
    assert!(matches!(error, GateError::Handler(GateError::Handler("away"))), "{error}");
    assert_eq!(error.to_string(), "away");
}

#[test]
fn a_burst_has_the_events_that_pass_and_is_not_handled_without_any() {
    let gate = Gate::new(Bot::default()).skip_own();
    let own = || with("/direction", json!("outbound"));
    let burst = block_on(gate.handle_burst(vec![says("a", "1", 0), own(), says("b", "2", 1)])).unwrap();
    assert_eq!(burst, Outcome::Handled);
    assert_eq!(*gate.handler().got.lock().unwrap(), ["a", "b"]);
    assert_eq!(block_on(gate.handle_burst(vec![own(), own()])).unwrap(), Outcome::Ignored(Own));
    assert_eq!(gate.handler().got.lock().unwrap().len(), 2);
}

#[test]
fn who_opts_out_is_ignored_until_they_write_something_else() {
    let opt_outs = Arc::new(MemoryOptOuts::new());
    let gate = Gate::new(Bot::default()).opt_outs(Arc::clone(&opt_outs));
    let reaction =
        || event("r", "reaction.added", json!({ "is_from_me": false, "from_handle": { "handle": ADA } }));
    let in_group = || {
        let mut data = message("STOP", 0);
        data["chat"]["is_group"] = json!(true);
        event("g", "message.received", data)
    };
    let has_opted_out = || block_on(opt_outs.contains(&Handle::from(ADA))).unwrap();
    assert_eq!(handle(&gate, in_group()), Outcome::Handled);
    assert!(!has_opted_out());
    assert_eq!(handle(&gate, says("e1", "STOP", 10)), Outcome::Ignored(OptedOut));
    assert!(has_opted_out());
    assert_eq!(handle(&gate, reaction()), Outcome::Ignored(OptedOut));
    assert_eq!(handle(&gate, in_group()), Outcome::Handled);
    // A message from before the opt-out that is delivered after it.
    assert_eq!(handle(&gate, says("e0", "hi", 9)), Outcome::Ignored(OptedOut));
    assert_eq!(handle(&gate, says("e2", "START", 11)), Outcome::Handled);
    assert!(!has_opted_out());
    assert_eq!(handle(&gate, reaction()), Outcome::Handled);
}

#[test]
fn an_opt_out_at_the_end_of_a_burst_ends_the_burst() {
    let gate = Gate::new(Bot::default()).opt_outs(MemoryOptOuts::new());
    let burst = block_on(gate.handle_burst(vec![says("a", "hi", 0), says("b", "STOP", 1)])).unwrap();
    assert_eq!(burst, Outcome::Ignored(OptedOut));
    let burst = block_on(gate.handle_burst(vec![says("c", "STOP", 2), says("d", "sorry", 3)])).unwrap();
    assert_eq!(burst, Outcome::Handled);
    assert_eq!(*gate.handler().got.lock().unwrap(), ["d"]);
}

#[test]
fn an_opt_out_is_remembered_even_if_another_condition_ignores_the_message() {
    let opt_outs = Arc::new(MemoryOptOuts::new());
    let gate = Gate::new(Bot::default()).only_lines(["+12025550101"]).opt_outs(Arc::clone(&opt_outs));
    assert_eq!(handle(&gate, says("e1", "STOP", 0)), Outcome::Ignored(OptedOut));
    assert!(block_on(opt_outs.contains(&Handle::from(ADA))).unwrap());
    assert_eq!(handle(&gate, says("e2", "hi", 1)), Outcome::Ignored(OtherLine));
}

#[test]
fn a_refused_send_is_an_opt_out_and_other_errors_are_returned() {
    for (error, expected) in [(2024, Ok(Outcome::Ignored(OptedOut))), (2026, Err(2026))] {
        let opt_outs = Arc::new(MemoryOptOuts::new());
        let gate =
            Gate::new(Bot::failing(error)).opt_outs(Arc::clone(&opt_outs)).refusals(|code| *code == 2024);
        let result = block_on(gate.handle(says("e1", "hi", 0))).map_err(|error| match error {
            GateError::Handler(code) => code,
            other => panic!("{other:?}"),
        });
        assert_eq!(result, expected);
        assert_eq!(block_on(opt_outs.contains(&Handle::from(ADA))).unwrap(), expected.is_ok());
        assert_eq!(handle(&gate, says("e2", "again", 1)), Outcome::Handled);
    }
}

#[test]
fn an_event_is_not_handled_if_the_store_of_opt_outs_fails() {
    struct Away;

    impl OptOuts for Away {
        async fn insert(&self, _: &Handle, _: Timestamp) -> Result<(), Box<dyn Error + Send + Sync>> {
            Err("away".into())
        }

        async fn remove(&self, _: &Handle, _: Timestamp) -> Result<bool, Box<dyn Error + Send + Sync>> {
            Err("away".into())
        }

        async fn contains(&self, _: &Handle) -> Result<bool, Box<dyn Error + Send + Sync>> {
            Err("away".into())
        }
    }

    let gate = Gate::new(Bot::default()).opt_outs(Away);
    for text in ["hi", "STOP"] {
        let error = block_on(gate.handle(says("e1", text, 0))).unwrap_err();
        assert!(matches!(error, GateError::OptOuts(_)));
        assert_eq!(error.to_string(), "store of opt-outs failed");
    }
    assert!(gate.handler().got.lock().unwrap().is_empty());
}

#[test]
fn debug_shows_neither_people_nor_lines() {
    let opt_outs = MemoryOptOuts::new();
    block_on(opt_outs.insert(&Handle::from(ADA), at(0))).unwrap();
    let shown = format!("{opt_outs:?} {:?}", Gate::new(Bot::default()).allow([ADA]).only_lines([LINE]));
    assert!(!shown.contains("555"), "{shown}");
}

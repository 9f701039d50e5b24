//! Events of one chat that are handled together.

use std::{
    cell::RefCell,
    convert::Infallible,
    rc::Rc,
    sync::{Arc, Mutex},
};

use linq_macros::linq_handler;
use linq_webhooks::{
    EventHandler, IgnoreReason, Outcome, Router, block_on,
    events::{
        Event, EventKeys, EventPayload, EventType, InboundMessage, Interest, MessageDelivered, MessageRead,
        MessageReceived,
    },
};

use super::delivery::{READ, RECEIVED, UNKNOWN};

type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, line: String) {
    log.lock().unwrap().push(line);
}

/// A kind of event, by the first letter, with this id.
fn event(id: &str) -> Event {
    let body = match id.as_bytes()[0] {
        b'm' => RECEIVED.replace(r#""value":"hi""#, &format!(r#""value":"{id}""#)),
        b'r' => READ.to_owned(),
        b'd' => READ.replace("message.read", "message.delivered"),
        _ => UNKNOWN.to_owned(),
    };
    let at = body.find(r#""event_id":""#).unwrap() + r#""event_id":""#.len();
    let end = at + body[at..].find('"').unwrap();
    Event::parse_unverified(format!("{}{id}{}", &body[..at], &body[end..])).unwrap()
}

fn burst(ids: &str) -> Vec<Event> {
    ids.split_whitespace().map(event).collect()
}

fn ids<T>(events: &[Event<T>]) -> String {
    let ids: Vec<_> = events.iter().map(id).collect();
    ids.join(" ")
}

fn id<T>(event: &Event<T>) -> &str {
    event.event_id.as_ref().unwrap().as_str()
}

/// Handles one event at a time, fails on the given one, and ignores those that are not messages.
struct Single {
    log: Log,
    fails_on: &'static str,
}

impl EventHandler for Single {
    type Error = String;

    async fn handle(&self, event: Event) -> Result<Outcome, String> {
        note(&self.log, id(&event).to_owned());
        match id(&event) {
            id if id == self.fails_on => Err(format!("{id} failed")),
            id if id.starts_with('m') => Ok(Outcome::Handled),
            _ => Ok(Outcome::Ignored(IgnoreReason::NotAccepted)),
        }
    }
}

#[test]
fn the_default_handles_the_events_in_order_and_stops_at_the_first_error() {
    for (ids, expected, called) in [
        ("m1 r1 m2 u1", Ok(Outcome::Handled), "m1 r1 m2 u1"),
        ("r1 u1", Ok(Outcome::Ignored(IgnoreReason::NotAccepted)), "r1 u1"),
        ("", Ok(Outcome::Ignored(IgnoreReason::NotAccepted)), ""),
        ("m1 m9 m2", Err("m9 failed".to_owned()), "m1 m9"),
    ] {
        let log = Log::default();
        let single = Single { log: Arc::clone(&log), fails_on: "m9" };
        assert_eq!(block_on(single.handle_burst(burst(ids))), expected, "{ids}");
        assert_eq!(log.lock().unwrap().join(" "), called, "{ids}");
    }
}

#[test]
fn the_default_returns_the_outcome_of_the_last_event_that_was_not_ignored() {
    struct Outcomes;

    impl EventHandler for Outcomes {
        type Error = Infallible;

        async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
            Ok(match id(&event).as_bytes()[0] {
                b'm' => Outcome::Accepted,
                b'r' => Outcome::Duplicate,
                _ => Outcome::Ignored(IgnoreReason::NotAccepted),
            })
        }
    }

    for (ids, expected) in [
        ("m1 u1", Outcome::Accepted),
        ("m1 r1 u1", Outcome::Duplicate),
        ("u1", Outcome::Ignored(IgnoreReason::NotAccepted)),
    ] {
        assert_eq!(block_on(Outcomes.handle_burst(burst(ids))), Ok(expected), "{ids}");
    }
}

struct Bot {
    log: Log,
    fails_on: &'static str,
}

impl Bot {
    fn record(&self, method: &str, ids: &str) -> Result<(), String> {
        note(&self.log, format!("{method} {ids}"));
        if method == self.fails_on { Err(format!("{method} failed")) } else { Ok(()) }
    }
}

#[linq_handler(error = String)]
impl Bot {
    #[on]
    fn rest(&self, events: Vec<Event>) -> Result<(), String> {
        self.record("rest", &ids(&events))
    }

    #[on]
    async fn read(&self, event: Event<MessageRead>) -> Result<(), String> {
        tokio::task::yield_now().await;
        self.record("read", id(&event))
    }

    #[on]
    async fn answer(&self, messages: Vec<MessageReceived>, keys: EventKeys) -> Result<(), String> {
        tokio::task::yield_now().await;
        let texts: Vec<_> = messages.iter().map(|message| message.text()).collect();
        assert_eq!(keys.key("answer"), EventKeys::new(Some(&texts[0]), b"").key("answer"));
        self.record("answer", &texts.join(" "))
    }

    #[on]
    fn delivered(&self, events: std::vec::Vec<Event<MessageDelivered>>) -> Result<(), String> {
        self.record("delivered", &ids(&events))
    }

    #[cfg(any())]
    #[on]
    fn never_compiled(&self, events: Vec<ThereIsNoSuchEvent>) {}
}

async fn read(event: Event<MessageRead>, bot: Arc<Bot>) -> Result<(), String> {
    bot.read(event).await
}

#[linq_handler(error = String)]
async fn answer(messages: Vec<MessageReceived>, keys: EventKeys, bot: Arc<Bot>) -> Result<(), String> {
    bot.answer(messages, keys).await
}

/// The same handler as `Bot`, made of functions.
fn router(bot: Bot) -> Router<Arc<Bot>, String> {
    Router::with_error::<String>(Arc::new(bot))
        .on(|events: Vec<Event>, bot: Arc<Bot>| bot.rest(events))
        .on(read)
        .on(answer)
        .on(|events: Vec<Event<MessageDelivered>>, bot: Arc<Bot>| bot.delivered(events))
}

/// Returns the result and the calls for a burst, which are the same for methods and functions.
async fn handle_burst(ids: &str, fails_on: &'static str) -> (Result<Outcome, String>, String) {
    let (methods, functions) = (Log::default(), Log::default());
    let bot = |log: &Log| Bot { log: Arc::clone(log), fails_on };
    let result = bot(&methods).handle_burst(burst(ids)).await;
    assert_eq!(router(bot(&functions)).handle_burst(burst(ids)).await, result, "{ids}");
    let calls = |log: Log| log.lock().unwrap().join(", ");
    let (methods, functions) = (calls(methods), calls(functions));
    assert_eq!(functions, methods, "{ids}");
    (result, methods)
}

#[tokio::test]
async fn a_vec_gets_all_its_events_after_the_events_that_are_handled_one_by_one() {
    for (ids, calls) in [
        ("m1 m2 m3", "answer m1 m2 m3"),
        ("m1", "answer m1"),
        ("r1 r2", "read r1, read r2"),
        ("m1 r1 m2 r2 m3", "read r1, read r2, answer m1 m2 m3"),
        // In the order of the first event of each, whatever the order of the methods.
        ("u1 m1 d1 m2 u2", "rest u1 u2, answer m1 m2, delivered d1"),
        ("d1 u1 r1 m1 d2", "read r1, delivered d1 d2, rest u1, answer m1"),
    ] {
        assert_eq!(handle_burst(ids, "").await, (Ok(Outcome::Handled), calls.to_owned()));
    }
    assert_eq!(handle_burst("", "").await, (Ok(Outcome::Ignored(IgnoreReason::NotAccepted)), String::new()));
}

#[tokio::test]
async fn the_first_error_ends_a_burst() {
    for (fails_on, calls) in [
        ("read", "read r1"),
        ("answer", "read r1, read r2, answer m1 m2"),
        ("delivered", "read r1, read r2, answer m1 m2, delivered d1"),
        ("rest", "read r1, read r2, answer m1 m2, delivered d1, rest u1"),
    ] {
        let (result, called) = handle_burst("m1 r1 d1 u1 r2 m2", fails_on).await;
        assert_eq!((result, called.as_str()), (Err(format!("{fails_on} failed")), calls));
    }
}

#[tokio::test]
async fn a_single_event_is_a_burst_of_one() {
    let log = Log::default();
    let bot = || Bot { log: Arc::clone(&log), fails_on: "rest" };
    let router = router(bot());
    for ids in ["m1", "d1", "r1"] {
        assert_eq!(bot().handle(event(ids)).await, Ok(Outcome::Handled));
        assert_eq!(router.handle(event(ids)).await, Ok(Outcome::Handled));
    }
    assert_eq!(bot().handle(event("u1")).await, Err("rest failed".to_owned()));
    assert_eq!(router.handle(event("u1")).await, Err("rest failed".to_owned()));
    let calls = ["answer m1", "delivered d1", "read r1", "rest u1"];
    assert_eq!(*log.lock().unwrap(), calls.map(|call| [call; 2]).concat());
}

#[tokio::test]
async fn a_burst_can_have_messages_of_both_formats() {
    #[derive(Default)]
    struct Reader(RefCell<Vec<String>>);

    #[linq_handler(error = Infallible)]
    impl Reader {
        #[on]
        fn read(&self, messages: Vec<InboundMessage>) {
            self.0.borrow_mut().extend(messages.iter().map(InboundMessage::text));
        }
    }

    assert_eq!(Reader::EVENTS, [Interest::V3("message.received")]);
    assert_eq!(Reader::default().subscribed_events(), [EventType::MessageReceived]);
    let older = r#"{"webhook_version":"2025-01-01","event_id":"o","event_type":"message.received",
        "data":{"chat_id":"c1","message":{"id":"m2","parts":[{"type":"text","value":"older"}]}}}"#;
    let mut events = burst("m1 r1 m2");
    events.insert(1, Event::parse_unverified(older.to_owned()).unwrap());
    let reader = Reader::default();
    assert_eq!(reader.handle_burst(events).await, Ok(Outcome::Handled));
    assert_eq!(*reader.0.borrow(), ["m1", "older", "m2"]);
}

#[tokio::test]
async fn events_that_no_method_takes_are_ignored_in_a_burst() {
    #[derive(Default)]
    struct Reader(RefCell<Vec<usize>>);

    #[linq_handler(error = Infallible)]
    impl Reader {
        #[on]
        fn read(&self, receipts: Vec<MessageRead>) {
            self.0.borrow_mut().push(receipts.len());
        }
    }

    assert_eq!(Reader::EVENTS, [Interest::Only(MessageRead::EVENT)]);
    let reader = Reader::default();
    assert_eq!(reader.handle_burst(burst("m1 r1 u1 r2")).await, Ok(Outcome::Handled));
    assert_eq!(reader.handle_burst(burst("m1 u1")).await, Ok(Outcome::Ignored(IgnoreReason::NotAccepted)));
    assert_eq!(*reader.0.borrow(), [2]);

    let router = Router::with_error::<Infallible>(()).on(|_: Vec<MessageRead>| {});
    assert_eq!(router.events(), Reader::EVENTS);
    assert_eq!(router.handle_burst(burst("m1 u1")).await, Ok(Outcome::Ignored(IgnoreReason::NotAccepted)));
}

#[tokio::test]
async fn a_shared_handler_gets_bursts_like_the_handler_itself() {
    let log = Log::default();
    let bot = Arc::new(Bot { log: Arc::clone(&log), fails_on: "" });
    bot.handle_burst(burst("m1 m2")).await.unwrap();
    EventHandler::handle_burst(&Arc::clone(&bot), burst("m3 m4")).await.unwrap();
    forwarded(bot, "m5 m6").await;
    assert_eq!(*log.lock().unwrap(), ["answer m1 m2", "answer m3 m4", "answer m5 m6"]);
}

async fn forwarded<H: EventHandler<Error = String>>(handler: H, ids: &str) {
    handler.handle_burst(burst(ids)).await.unwrap();
}

#[tokio::test]
async fn a_generic_handler_can_take_the_bursts_of_its_parameter() {
    struct Counts<P>(RefCell<Vec<usize>>, std::marker::PhantomData<P>);

    #[linq_handler]
    impl<P: EventPayload> Counts<P> {
        #[on]
        fn count(&self, payloads: Vec<P>) {
            self.0.borrow_mut().push(payloads.len());
        }
    }

    let counts = Counts::<MessageRead>(RefCell::default(), std::marker::PhantomData);
    counts.handle_burst(burst("r1 m1 r2")).await.unwrap();
    counts.handle(event("r3")).await.unwrap();
    assert_eq!(*counts.0.borrow(), [2, 1]);
}

#[test]
fn the_future_of_a_burst_is_send_if_the_handler_is() {
    fn send<T: Send>(_: T) {}
    let bot = || Bot { log: Log::default(), fails_on: "" };
    send(bot().handle_burst(Vec::new()));
    send(Arc::new(bot()).handle_burst(Vec::new()));
    send(router(bot()).handle_burst(Vec::new()));
    send(Single { log: Log::default(), fails_on: "" }.handle_burst(Vec::new()));
}

#[tokio::test]
async fn a_handler_of_bursts_need_not_be_send() {
    #[derive(Default)]
    struct Local(Rc<RefCell<Vec<usize>>>);

    #[linq_handler(error = Infallible)]
    impl Local {
        #[on]
        async fn all(&self, events: Vec<Event>) {
            let counts = Rc::clone(&self.0);
            tokio::task::yield_now().await;
            counts.borrow_mut().push(events.len());
        }
    }

    let local = Local::default();
    local.handle_burst(burst("m1 r1 u1")).await.unwrap();
    assert_eq!(*local.0.borrow(), [3]);
}

#[test]
#[should_panic(expected = "two functions handle `message.read`; handle it in one function")]
fn a_function_for_bursts_of_events_that_another_function_handles_panics() {
    drop(Router::new(()).on(|_: MessageRead| {}).on(|_: Vec<Event<MessageRead>>| {}));
}

use std::{
    io,
    sync::{Arc, Mutex},
};

use linq_webhooks::{
    EventHandler, IgnoreReason, Outcome, ReceiveError, Receiver, Router,
    events::{
        Event, EventKeys, EventPayload, EventType, Interest, MessageDelivered, MessageRead, MessageReceived,
        v2, v2025_01_01,
    },
};

use super::delivery::{READ, RECEIVED, SECRET, UNKNOWN, now, signed, verifier};

type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, function: &str, what: &str) {
    log.lock().unwrap().push(format!("{function} {what}"));
}

async fn rest(event: Event, log: Log) {
    tokio::task::yield_now().await;
    note(&log, "rest", event.event_type.as_str());
}

async fn reply(Event { data: message, .. }: Event<MessageReceived>, log: Log) -> Result<(), io::Error> {
    tokio::task::yield_now().await;
    note(&log, "reply", &message.text());
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "a router gives both away")]
fn fail(event: Event<MessageRead>, log: Log) -> Result<(), std::num::ParseIntError> {
    note(&log, "fail", id(&event));
    "two".parse::<u8>().map(drop)
}

fn id<T>(event: &Event<T>) -> &str {
    event.event_id.as_ref().unwrap().as_str()
}

fn parsed(body: &str) -> Event {
    Event::parse_unverified(body.to_owned()).unwrap()
}

#[tokio::test]
async fn the_type_of_the_parameter_routes_and_the_catch_all_comes_last() {
    let log = Log::default();
    let receiver = Receiver::new(verifier(), Router::new(Arc::clone(&log)).on(rest).on(reply).on(fail));
    for body in [RECEIVED, UNKNOWN] {
        assert_eq!(receiver.receive_at(&signed(SECRET, body), body, now()).await.unwrap(), Outcome::Handled);
    }
    let error = receiver.receive_at(&signed(SECRET, READ), READ, now()).await.unwrap_err();
    assert!(matches!(error, ReceiveError::Handler(error) if error.is::<std::num::ParseIntError>()));
    assert_eq!(*log.lock().unwrap(), ["reply hi", "rest comet.sighted", "fail e2"]);
}

#[tokio::test]
async fn sync_and_async_closures_with_and_without_state_are_handlers() {
    let log = Log::default();
    let captured = Arc::clone(&log);
    let router = Router::new(())
        .on(async |_: MessageDelivered| Err::<(), _>(io::Error::other("no")))
        .on(move |message: MessageReceived| note(&captured, "sync", &message.text()))
        .on({
            let log = Arc::clone(&log);
            move |event: Event<MessageRead>, (): ()| {
                let log = Arc::clone(&log);
                async move { note(&log, "async", id(&event)) }
            }
        });
    for (body, outcome) in [
        (READ, Outcome::Handled),
        (RECEIVED, Outcome::Handled),
        (UNKNOWN, Outcome::Ignored(IgnoreReason::NotAccepted)),
    ] {
        assert_eq!(router.handle(parsed(body)).await.unwrap(), outcome);
    }
    assert_eq!(*log.lock().unwrap(), ["async e2", "sync hi"]);
    let failed = router.handle(parsed(&READ.replace("message.read", "message.delivered"))).await;
    assert!(failed.unwrap_err().is::<io::Error>());
}

#[tokio::test]
async fn functions_and_closures_can_take_the_keys_of_the_event() {
    async fn keyed(_: Event<MessageRead>, keys: EventKeys, log: Log) -> Result<(), io::Error> {
        note(&log, "async with state", keys.key("reply").as_str());
        Ok(())
    }

    let (log, captured) = (Log::default(), Log::default());
    let others = Arc::clone(&captured);
    let router = Router::new(Arc::clone(&log))
        .on(keyed)
        .on(move |_: MessageReceived, keys: EventKeys| note(&captured, "sync", keys.key("reply").as_str()))
        .on(async |_: MessageDelivered, _: EventKeys| {})
        .on(|_: Event, keys: EventKeys, log: Log| note(&log, "sync with state", keys.key("reply").as_str()));
    for body in [READ, RECEIVED, UNKNOWN] {
        assert_eq!(router.handle(parsed(body)).await.unwrap(), Outcome::Handled);
    }
    let line = |function: &str, id| format!("{function} {}", EventKeys::new(Some(id), b"").key("reply"));
    assert_eq!(*log.lock().unwrap(), [line("async with state", "e2"), line("sync with state", "e3")]);
    assert_eq!(*others.lock().unwrap(), [line("sync", "e1")]);
}

#[tokio::test]
async fn each_format_has_functions_of_its_own() {
    let log = Log::default();
    let router = Router::new(Arc::clone(&log))
        .on(|_: v2::MessageReceived, log: Log| note(&log, "v2", ""))
        .on(|_: v2025_01_01::MessageReceived, log: Log| note(&log, "2025-01-01", ""))
        .on(|_: Event<MessageReceived>, log: Log| note(&log, "newest", ""));
    for body in [
        RECEIVED.to_owned(),
        RECEIVED.replace("2026-02-03", "2025-01-01"),
        RECEIVED.replace(r#""v3""#, r#""v2""#),
    ] {
        router.handle(parsed(&body)).await.unwrap();
    }
    assert_eq!(*log.lock().unwrap(), ["newest ", "2025-01-01 ", "v2 "]);
    assert_eq!(router.subscribed_events(), [EventType::MessageReceived]);
}

#[tokio::test]
async fn with_error_converts_the_errors_of_functions() {
    #[derive(Debug, PartialEq)]
    struct AppError(String);

    impl From<std::num::ParseIntError> for AppError {
        fn from(error: std::num::ParseIntError) -> Self {
            Self(error.to_string())
        }
    }

    let router = Router::with_error::<AppError>(Log::default()).on(fail);
    let expected = Err(AppError("invalid digit found in string".into()));
    assert_eq!(router.handle(parsed(READ)).await, expected);
}

#[test]
fn a_router_lists_the_events_of_its_functions_even_when_shared() {
    let router = Router::new(Log::default()).on(reply).on(fail).on(|_: v2::CallCompleted| {});
    let routes = [MessageReceived::EVENT, MessageRead::EVENT, v2::CallCompleted::EVENT];
    assert_eq!(router.events(), routes.map(Interest::Only));
    assert_eq!(Arc::new(router).subscribed_events(), [EventType::MessageReceived, EventType::MessageRead]);
    let router = Router::new(Log::default()).on(rest).on(fail);
    assert_eq!(router.events(), [Interest::Only(MessageRead::EVENT), Interest::All]);
    assert_eq!(router.subscribed_events(), EventType::KNOWN);
    assert!(Router::new(()).subscribed_events().is_empty());
}

#[test]
fn the_future_of_a_router_is_send() {
    fn shared<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    fn movable<T: Send>(_: T) {}
    let receiver = shared(Arc::new(Receiver::new(verifier(), Router::new(Log::default()).on(reply))));
    movable(receiver.receive_at(&signed(SECRET, READ), READ, now()));
}

#[test]
#[should_panic(expected = "two functions handle `message.read`; handle it in one function")]
fn a_second_function_for_one_event_panics() {
    drop(Router::new(Log::default()).on(fail).on(|_: MessageRead| {}));
}

#[test]
#[should_panic(expected = "two functions handle `Event`; handle it in one function")]
fn a_second_function_for_every_event_panics() {
    drop(Router::new(Log::default()).on(rest).on(|_: Event| {}));
}

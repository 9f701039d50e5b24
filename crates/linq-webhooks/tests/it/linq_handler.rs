use std::{
    cell::RefCell,
    rc::Rc,
    sync::{Arc, Mutex},
};

use linq_macros::linq_handler;
use linq_webhooks::{
    EventHandler, IgnoreReason, Outcome, ReceiveError, Receiver, Router,
    events::{
        Event, EventKeys, EventPayload, EventType, FromEvent, Interest, MessageDelivered, MessageRead,
        MessageReceived, MessageSent, v2, v2025_01_01,
    },
};

use super::delivery::{READ, RECEIVED, SECRET, UNKNOWN, now, signed, verifier};

#[derive(Debug, PartialEq)]
enum BotError {
    Number(std::num::ParseIntError),
}

impl From<std::num::ParseIntError> for BotError {
    fn from(error: std::num::ParseIntError) -> Self {
        Self::Number(error)
    }
}

/// Writes down which method took what, in an `Rc`: it works on a single-threaded executor.
#[derive(Default)]
struct Bot {
    log: Rc<RefCell<Vec<String>>>,
}

#[linq_handler(error = BotError)]
impl Bot {
    #[on]
    async fn rest(&self, event: Event) {
        self.note("rest", event.event_type.as_str());
    }

    #[on]
    async fn reply(&self, event: MessageReceived) -> Result<(), BotError> {
        tokio::task::yield_now().await;
        self.note("reply", &event.text());
        Ok(())
    }

    #[on]
    fn fail(&self, event: Event<MessageRead>) -> Result<(), std::num::ParseIntError> {
        self.note("fail", event.event_id.as_ref().unwrap().as_str());
        "two".parse::<u8>().map(drop)
    }

    #[cfg(any())]
    #[on]
    fn never_compiled(&self, event: ThereIsNoSuchEvent) {}

    fn note(&self, method: &str, what: &str) {
        self.log.borrow_mut().push(format!("{method} {what}"));
    }
}

#[tokio::test]
async fn the_type_of_the_parameter_routes_and_the_catch_all_comes_last() {
    let receiver = Receiver::new(verifier(), Bot::default());
    for body in [RECEIVED, UNKNOWN] {
        assert_eq!(receiver.receive_at(&signed(SECRET, body), body, now()).await.unwrap(), Outcome::Handled);
    }
    assert_eq!(*receiver.handler().log.borrow(), ["reply hi", "rest comet.sighted"]);
}

#[tokio::test]
async fn the_error_of_a_method_is_converted_to_that_of_the_handler() {
    let receiver = Receiver::new(verifier(), Bot::default());
    let error = receiver.receive_at(&signed(SECRET, READ), READ, now()).await.unwrap_err();
    assert!(matches!(error, ReceiveError::Handler(BotError::Number(_))), "{error:?}");
    assert_eq!(*receiver.handler().log.borrow(), ["fail e2"]);
}

#[test]
fn events_lists_the_interests_of_the_methods() {
    assert_eq!(
        Bot::EVENTS,
        [Interest::Only(MessageReceived::EVENT), Interest::Only(MessageRead::EVENT), Interest::All]
    );
}

#[tokio::test]
async fn other_events_are_ignored_and_the_default_error_is_boxed() {
    struct Receipts<'a, T>(&'a T);

    #[linq_handler]
    impl<T: Fn(&str) -> std::fmt::Result> Receipts<'_, T> {
        #[on]
        fn read(&self, event: MessageRead) -> Result<(), std::fmt::Error> {
            self.0(event.id.as_str())
        }
    }

    let receipts = Receipts(&|id: &str| if id == "m0" { Err(std::fmt::Error) } else { Ok(()) });
    let ignored = receipts.handle(Event::parse_unverified(RECEIVED.to_owned()).unwrap()).await;
    assert_eq!(ignored.unwrap(), Outcome::Ignored(IgnoreReason::NotAccepted));
    let failed: Result<_, Box<dyn std::error::Error + Send + Sync>> =
        receipts.handle(Event::parse_unverified(READ.to_owned()).unwrap()).await;
    assert!(failed.unwrap_err().is::<std::fmt::Error>());
}

#[test]
fn a_handler_of_send_parts_has_a_send_future() {
    struct Counter;

    #[linq_handler(crate = linq_webhooks, error = std::convert::Infallible)]
    impl Counter {
        #[on]
        async fn sent(&self, _event: MessageSent) {}

        #[on]
        async fn delivered(&self, _event: MessageDelivered) {}
    }

    fn send<T: Send>(_: T) {}
    send(Counter.handle(Event::parse_unverified(READ.to_owned()).unwrap()));
    assert_eq!(Counter.subscribed_events(), [EventType::MessageSent, EventType::MessageDelivered]);
}

#[tokio::test]
async fn the_same_event_type_has_a_method_in_each_format() {
    #[derive(Default)]
    struct Formats(RefCell<Vec<&'static str>>);

    #[linq_handler]
    impl Formats {
        #[on]
        async fn newest(&self, _: MessageReceived) {
            self.0.borrow_mut().push("newest");
        }

        #[on]
        async fn older(&self, _: v2025_01_01::MessageReceived) {
            self.0.borrow_mut().push("2025-01-01");
        }

        #[on]
        async fn v2(&self, _: Event<v2::MessageReceived>) {
            self.0.borrow_mut().push("v2");
        }
    }

    let handler = Formats::default();
    for body in [
        RECEIVED.to_owned(),
        RECEIVED.replace("2026-02-03", "2025-01-01"),
        RECEIVED.replace(r#""v3""#, r#""v2""#),
    ] {
        handler.handle(Event::parse_unverified(body).unwrap()).await.unwrap();
    }
    assert_eq!(*handler.0.borrow(), ["newest", "2025-01-01", "v2"]);
    assert_eq!(handler.subscribed_events(), [EventType::MessageReceived]);
}

#[tokio::test]
async fn a_method_may_borrow_from_self_and_be_named_handle() {
    struct Texts<'a> {
        prefix: &'a str,
    }

    #[linq_handler(error = String)]
    impl<'a> Texts<'a> {
        /// Has the name of the method that calls it.
        #[on]
        async fn handle<'b>(&'b self, Event { data, .. }: Event<MessageReceived>) -> Result<(), String> {
            let prefix: &'b &'a str = &self.prefix;
            tokio::task::yield_now().await;
            Err(format!("{prefix}{}", data.text()))
        }
    }

    let prefix = String::from("> ");
    let handler = Texts { prefix: &prefix };
    let event = Event::parse_unverified(RECEIVED.to_owned()).unwrap();
    assert_eq!(EventHandler::handle(&handler, event).await, Err("> hi".to_owned()));
}

#[tokio::test]
async fn a_generic_handler_can_take_the_event_of_its_parameter() {
    struct Only<P>(RefCell<Vec<P>>);

    #[linq_handler]
    impl<P: EventPayload> Only<P> {
        #[on]
        fn only(&self, payload: P) {
            self.0.borrow_mut().push(payload);
        }
    }

    let handler = Only::<MessageRead>(RefCell::default());
    assert_eq!(Only::<MessageRead>::EVENTS, [Interest::Only(MessageRead::EVENT)]);
    for (body, outcome) in [(READ, Outcome::Handled), (RECEIVED, Outcome::Ignored(IgnoreReason::NotAccepted))]
    {
        let event = Event::parse_unverified(body.to_owned()).unwrap();
        assert_eq!(handler.handle(event).await.unwrap(), outcome);
    }
    assert_eq!(handler.0.borrow().len(), 1);
}

/// Whatever names the user has in scope.
mod crowded {
    #![allow(dead_code, non_camel_case_types)]

    enum Option {}
    enum Result {}
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Send;
    struct Sync;
    struct Clone;
    struct Box;
    struct FromEvent;
    struct IntoOutcome;
    struct Outcome;
    struct EventHandler;
    struct Event;
    struct str;
    struct Vec;
    struct Router;
    mod core {}
    mod std {}
    mod linq_webhooks {}
    mod linq_macros {}
    fn event() {}
    fn outcome() {}
    fn state() {}
    fn burst() {}

    pub(super) struct Bot(pub(super) ::std::cell::Cell<bool>);

    #[::linq_macros::linq_handler]
    impl Bot {
        #[on]
        async fn read(&self, _: ::linq_webhooks::events::MessageRead) {
            self.0.set(true);
        }

        #[on]
        fn sent(
            &self,
            event: ::linq_webhooks::events::Event<::linq_webhooks::events::MessageSent>,
        ) -> ::std::result::Result<(), ::std::io::Error> {
            drop(event);
            ::std::result::Result::Ok(())
        }

        #[on]
        fn delivered(
            &self,
            _: ::std::vec::Vec<::linq_webhooks::events::MessageDelivered>,
            _: ::linq_webhooks::events::EventKeys,
        ) {
        }

        #[on]
        fn rest(&self, _: ::linq_webhooks::events::Event) {}
    }

    #[::linq_macros::linq_handler]
    async fn check(
        event: ::linq_webhooks::events::MessageRead,
        state: ::std::sync::Arc<u8>,
    ) -> ::std::result::Result<(), ::std::io::Error> {
        drop((event, state));
        ::std::result::Result::Ok(())
    }
}

#[tokio::test]
async fn the_expansion_does_not_depend_on_names_in_scope() {
    let bot = crowded::Bot(false.into());
    assert_eq!(
        bot.handle(Event::parse_unverified(READ.to_owned()).unwrap()).await.unwrap(),
        Outcome::Handled
    );
    assert!(bot.0.get());
}

#[tokio::test]
async fn a_checked_function_is_accepted_by_a_router_and_can_be_called() {
    type Log = Arc<Mutex<Vec<String>>>;

    #[linq_handler]
    async fn reply(message: MessageReceived, log: Log) -> Result<(), std::num::ParseIntError> {
        tokio::task::yield_now().await;
        log.lock().unwrap().push(message.text());
        "two".parse::<u8>().map(drop)
    }

    #[linq_handler(crate = linq_webhooks, error = BotError)]
    fn rest<S: AsRef<Mutex<Vec<String>>> + Clone + Send + Sync + 'static>(
        Event { event_type, .. }: Event,
        log: S,
    ) {
        log.as_ref().lock().unwrap().push(event_type.as_str().to_owned());
    }

    #[cfg(any())]
    #[linq_handler]
    fn never_compiled(event: ThereIsNoSuchEvent) {}

    #[linq_handler]
    #[cfg(any())]
    fn never_compiled_either(event: ThereIsNoSuchEvent) {}

    let log = Log::default();
    let router = Router::new(Arc::clone(&log)).on(reply).on(rest::<Log>);
    let received = Event::parse_unverified(RECEIVED.to_owned()).unwrap();
    assert!(router.handle(received.clone()).await.unwrap_err().is::<std::num::ParseIntError>());
    router.handle(Event::parse_unverified(UNKNOWN.to_owned()).unwrap()).await.unwrap();

    let message = MessageReceived::from_event(received).unwrap();
    assert!(reply(message, Arc::clone(&log)).await.is_err());
    assert_eq!(*log.lock().unwrap(), ["hi", "comet.sighted", "hi"]);
}

#[tokio::test]
async fn methods_and_functions_can_take_the_keys_of_the_event() {
    use linq_webhooks::events;

    #[derive(Default)]
    struct Keyed(Mutex<Vec<String>>);

    #[linq_handler(error = std::io::Error)]
    impl Keyed {
        #[on]
        async fn read(&self, _: MessageRead, keys: EventKeys) -> Result<(), std::io::Error> {
            tokio::task::yield_now().await;
            self.0.lock().unwrap().push(keys.key("read").into());
            Ok(())
        }

        #[on]
        fn rest(&self, event: Event, keys: events::EventKeys) {
            assert_eq!(event.key("rest"), keys.key("rest"));
            self.0.lock().unwrap().push(keys.key("rest").into());
        }
    }

    #[linq_handler]
    async fn read(_: MessageRead, keys: EventKeys, keyed: Arc<Keyed>) {
        keyed.0.lock().unwrap().push(keys.key("read").into());
    }

    #[linq_handler]
    fn rest(_: Event, keys: EventKeys) {
        assert_eq!(keys, EventKeys::new(Some("e3"), b""));
    }

    let parsed = |body: &str| Event::parse_unverified(body.to_owned()).unwrap();
    let keyed = Arc::new(Keyed::default());
    keyed.handle(parsed(READ)).await.unwrap();
    keyed.handle(parsed(UNKNOWN)).await.unwrap();
    let router = Router::new(Arc::clone(&keyed)).on(read).on(rest);
    router.handle(parsed(READ)).await.unwrap();
    router.handle(parsed(UNKNOWN)).await.unwrap();
    let [read, rest] = [("e2", "read"), ("e3", "rest")]
        .map(|(id, name)| String::from(EventKeys::new(Some(id), b"").key(name)));
    assert_eq!(*keyed.0.lock().unwrap(), [read.clone(), rest, read]);
}

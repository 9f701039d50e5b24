use std::{cell::RefCell, rc::Rc};

use linq_webhooks::{
    EventHandler, Outcome, ReceiveError, Receiver,
    events::{Event, EventPayload, EventType, MessageDelivered, MessageRead, MessageReceived, MessageSent},
    linq_handler,
};

use super::delivery::{NOW, READ, RECEIVED, SECRET, UNKNOWN, signed, verifier};

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
        self.note("fail", event.event_id.as_str());
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
        assert_eq!(receiver.receive_at(&signed(SECRET, body), body, NOW).await.unwrap(), Outcome::Handled);
    }
    assert_eq!(*receiver.handler().log.borrow(), ["reply hi", "rest comet.sighted"]);
}

#[tokio::test]
async fn a_method_s_error_becomes_the_handler_s() {
    let receiver = Receiver::new(verifier(), Bot::default());
    let error = receiver.receive_at(&signed(SECRET, READ), READ, NOW).await.unwrap_err();
    assert!(matches!(error, ReceiveError::Handler(BotError::Number(_))), "{error:?}");
    assert_eq!(*receiver.handler().log.borrow(), ["fail e2"]);
}

#[test]
fn the_routes_of_the_methods_are_what_to_subscribe_to() {
    assert_eq!(Bot::EVENTS, [Some(MessageReceived::EVENT), Some(MessageRead::EVENT), None]);
}

#[tokio::test]
async fn what_no_method_takes_is_ignored_and_the_error_type_is_boxed_by_default() {
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
    assert_eq!(ignored.unwrap(), Outcome::Ignored);
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
    assert_eq!(Counter::subscribed_events(), [EventType::MessageSent, EventType::MessageDelivered]);
}

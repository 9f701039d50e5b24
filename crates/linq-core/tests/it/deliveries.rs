//! The wait for the delivery of a message, in virtual time.

use std::time::Duration;

use linq_core::{
    Error, ErrorKind, EventWatch, Retry,
    types::{
        error::ErrorCode,
        events::Event,
        messages::DeliveryStatus::{self, Delivered, Read, Sent},
    },
};
use serde_json::{Value, json};

use super::timeline::{Answer, Timeline, error, ok};

fn message(status: &str, service: &str) -> Option<Answer> {
    ok(json!({"id": "m", "chat_id": "c", "delivery_status": status, "service": service}).to_string())
}

/// Responds to looks with these, the last of them for ever.
fn looks(mut answers: Vec<Option<Answer>>) -> Timeline {
    answers.reverse();
    Timeline::answering(move |_| if answers.len() > 1 { answers.pop()? } else { answers[0].clone() })
}

fn wait(timeline: &Timeline, seconds: u64) -> Result<DeliveryStatus, Error> {
    let client = timeline.client();
    let delivery = client.messages().delivery("m").timeout(Duration::from_secs(seconds));
    timeline.run(async { delivery.await })
}

#[test]
fn a_message_is_looked_at_until_it_is_delivered() {
    for (last, expected) in [("delivered", Delivered), ("read", Read)] {
        let pending = ["pending", "queued", "sent", "unheard-of", "sent"];
        let answers = pending.into_iter().chain([last]).map(|status| message(status, "iMessage")).collect();
        let timeline = looks(answers);
        assert_eq!(wait(&timeline, 60).unwrap(), expected);
        let times: Vec<_> =
            [0.0, 0.5, 1.5, 3.5, 7.5, 12.5].map(|time| format!("{time} GET /messages/m")).into();
        assert_eq!(timeline.take(), times);
    }
}

#[test]
fn an_sms_is_done_when_it_is_sent() {
    let timeline = looks(vec![message("pending", "SMS"), message("sent", "SMS")]);
    assert_eq!(wait(&timeline, 60).unwrap(), Sent);
}

#[test]
fn a_message_that_failed_is_an_error_without_a_code() {
    let failed = wait(&looks(vec![message("failed", "iMessage")]), 60).unwrap_err();
    assert_eq!(
        (failed.kind(), failed.code(), failed.retry()),
        (ErrorKind::FailedMessage, None, Retry::Never)
    );
    insta::assert_snapshot!(failed, @"the message failed; to send it again, use a new idempotency key");
}

#[test]
fn a_message_that_is_not_delivered_in_time_is_an_error_of_its_own() {
    let timeline = looks(vec![message("sent", "iMessage")]);
    let error = wait(&timeline, 10).unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotDelivered, true));
    insta::assert_snapshot!(error, @"timed out waiting for the message to be delivered; it may be delivered later: do not send it again");
    assert!(timeline.seconds() <= 10.0);
}

#[test]
fn transient_errors_are_looked_past_and_others_are_returned() {
    let timeline = looks(vec![error(503, 4004), Some(None), message("delivered", "iMessage")]);
    assert_eq!(wait(&timeline, 60).unwrap(), Delivered);
    let not_found = wait(&looks(vec![error(404, 2002)]), 60).unwrap_err();
    assert_eq!(not_found.code(), Some(ErrorCode::MESSAGE_NOT_FOUND));
}

fn event(event_type: &str, data: &Value) -> Event {
    let body = json!({
        "api_version": "v3", "webhook_version": "2026-02-03", "event_type": event_type, "event_id": "e1", "data": data,
    });
    Event::parse_unverified(body.to_string()).unwrap()
}

fn receipt(event_type: &str, service: &str) -> Event {
    let data =
        json!({"id": "m", "chat": {"id": "c"}, "direction": "outbound", "parts": [], "service": service});
    event(event_type, &data)
}

fn failure() -> Event {
    event("message.failed", &json!({"message_id": "m", "chat_id": "c", "code": 4001}))
}

#[test]
fn a_watch_knows_the_receipts_that_came_before_in_any_order_and_makes_no_requests() {
    let receipt = |event_type| receipt(event_type, "iMessage");
    for (events, expected) in [
        (vec![receipt("message.delivered"), receipt("message.sent")], Ok(Delivered)),
        (vec![receipt("message.read"), receipt("message.delivered")], Ok(Read)),
        (
            vec![failure(), receipt("message.sent")],
            Err((ErrorKind::FailedMessage, Some(ErrorCode::DELIVERY_FAILED))),
        ),
        (vec![failure(), receipt("message.delivered")], Ok(Delivered)),
        (vec![self::receipt("message.sent", "SMS")], Ok(Sent)),
        (vec![receipt("message.sent")], Err((ErrorKind::NotDelivered, None))),
        (
            vec![event(
                "poll.failed",
                &json!({"message_id": "m", "chat": {"id": "c"}, "error": {"code": 4001}}),
            )],
            Err((ErrorKind::FailedMessage, Some(ErrorCode::DELIVERY_FAILED))),
        ),
        (vec![], Err((ErrorKind::NotDelivered, None))),
    ] {
        let watch = EventWatch::new();
        events.iter().for_each(|event| watch.observe(event));
        let timeline = Timeline::new();
        let client = timeline.client();
        let outcome = timeline.run(async { client.messages().delivery("m").watch(&watch).await });
        assert_eq!(outcome.map_err(|error| (error.kind(), error.code())), expected, "{events:?}");
        assert_eq!(timeline.take(), [""; 0]);
    }
}

#[test]
fn a_watch_wakes_those_who_wait() {
    let (watch, timeline) = (EventWatch::new(), Timeline::new());
    let client = timeline.client();
    let (observer, later) = (watch.clone(), timeline.clone());
    let task = Box::pin(async move {
        later.pause(20).await;
        observer.observe(&failure());
    });
    let failed =
        timeline.run_beside(async { client.messages().delivery("m").watch(&watch).await }, Some(task));
    insta::assert_snapshot!(failed.unwrap_err(), @"the message failed, code 4001 (the message could not be delivered); to send it again, use a new idempotency key");
    assert!((timeline.seconds() - 20.0).abs() < 0.1);
    assert!(!format!("{watch:?}").contains('m') || format!("{watch:?}") == "EventWatch");
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_waits_by_looks_or_by_a_watch() {
    let answers = vec![message("sent", "iMessage"), error(503, 4004), message("delivered", "iMessage")];
    let timeline = looks(answers);
    let client = Timeline::builder().build_blocking(timeline.clone()).unwrap();
    assert_eq!(client.messages().delivery("m").call().unwrap(), Delivered);
    assert_eq!(timeline.take().len(), 3);

    let watch = EventWatch::new();
    let delivery = || client.messages().delivery("m").watch(&watch);
    let error = delivery().timeout(Duration::from_millis(1)).call().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotDelivered);
    let status = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| delivery().call());
        watch.observe(&receipt("message.delivered", "iMessage"));
        waiting.join().unwrap()
    });
    assert_eq!(status.unwrap(), Delivered);
    assert_eq!(timeline.take(), [""; 0]);
}

//! What an application learns of retries.

use std::sync::{Arc, Mutex};

use linq_core::ErrorKind;

use super::timeline::{Timeline, error};

#[test]
fn each_retry_is_reported_before_its_delay_with_its_number_and_reason_and_nothing_of_the_message() {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let mut answers = vec![error(500, 3001), Some(None), error(429, 1007)];
    let timeline = Timeline::answering(move |_| answers.pop()?);
    let builder = {
        let (reports, timeline) = (Arc::clone(&reports), timeline.clone());
        Timeline::builder().max_attempts(4).on_retry(move |attempt| {
            assert!(!format!("{attempt:?} {}", attempt.error).contains("secret"));
            let (kind, code) = (attempt.error.kind(), attempt.error.code().map(|code| code.get()));
            let error = (kind, code, attempt.error.operation());
            assert_eq!(error.2, attempt.operation);
            assert!(attempt.delay.as_secs_f64() > 0.3 && attempt.max_attempts == 4);
            let at = timeline.seconds().floor() as u64;
            reports.lock().unwrap().push((attempt.number, kind, code, at));
        })
    };
    let client = builder.build(timeline.clone()).unwrap();
    let messages = client.chats().messages("c");
    timeline.run(async { messages.send("secret words").await }).unwrap();
    let reports = std::mem::take(&mut *reports.lock().unwrap());
    let expected = [
        (1, ErrorKind::Api, Some(1007), 0),
        (2, ErrorKind::Transport, None, 0),
        (3, ErrorKind::Api, Some(3001), 1),
    ];
    assert_eq!(reports, expected);
}

#[test]
fn a_call_that_is_not_retried_is_not_reported() {
    let timeline = Timeline::answering(|_| error(403, 2024));
    let builder = Timeline::builder().on_retry(|attempt| panic!("{attempt:?}"));
    let client = builder.build(timeline.clone()).unwrap();
    let messages = client.chats().messages("c");
    assert!(timeline.run(async { messages.send("Hello!").await }).unwrap_err().is_opted_out());
    let hasty = client.with_options(|options| options.max_attempts(1)).unwrap();
    assert!(timeline.run(async { hasty.chats().retrieve("c").await }).is_err());
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_reports_retries_too() {
    let numbers = Arc::new(Mutex::new(Vec::new()));
    let timeline = Timeline::answering(|_| error(503, 4004));
    let kept = Arc::clone(&numbers);
    let builder = Timeline::builder().on_retry(move |attempt| kept.lock().unwrap().push(attempt.number));
    let client = builder.build_blocking(timeline).unwrap();
    assert!(client.chats().retrieve("c").call().is_err());
    assert_eq!(*numbers.lock().unwrap(), [1, 2]);
}

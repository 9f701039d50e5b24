//! Waits that the service asks for, over both clients: obeyed, or reported at once.

use std::time::Duration;

use linq_core::{ErrorKind, Retry, resources::attachments::UploadFile};
use serde_json::json;
use tokio::time::Instant;

use super::script::{Answer, CHAT, Script, both};

const SECOND: Duration = Duration::from_secs(1);

/// The clock of the script shows Fri, 06 Nov 2026 08:49:37 GMT.
const IN_TWO_MINUTES: &str = "Fri, 06 Nov 2026 08:51:37 GMT";

fn limited() -> Answer {
    Answer::error(429, 1007)
}

fn limited_in_body(retry_after: &str) -> Answer {
    let body = format!(r#"{{"error":{{"status":429,"code":1007,"retry_after":{retry_after}}}}}"#);
    Answer::Response { status: 429, headers: Vec::new(), body: body.into() }
}

/// Answers that ask for a wait of more than a minute, and the wait.
fn too_long() -> Vec<(Answer, Duration)> {
    let seconds = Duration::from_secs_f64;
    vec![
        (limited().header("retry-after", "120"), seconds(120.0)),
        (limited().header("retry-after", "300.5"), seconds(300.5)),
        (limited().header("retry-after-ms", "120000"), seconds(120.0)),
        (limited().header("retry-after", "99999999999999999999"), Duration::MAX),
        (limited().header("retry-after", "1e400"), Duration::MAX),
        (limited().header("retry-after", IN_TWO_MINUTES), seconds(120.0)),
        (
            limited()
                .header("date", "Fri, 06 Nov 2026 08:50:37 GMT")
                .header("retry-after", "Fri, 06 Nov 2026 08:52:07 GMT"),
            seconds(90.0),
        ),
        (limited_in_body("120"), seconds(120.0)),
        (limited_in_body("60.25"), seconds(60.25)),
        (limited_in_body(r#""120""#), seconds(120.0)),
        (limited_in_body("99999999999999999999"), Duration::MAX),
        (limited_in_body("1e400"), Duration::MAX),
        (limited_in_body("120").header("retry-after", "1"), seconds(120.0)),
        (Answer::error(503, 4004).header("retry-after", "600"), seconds(600.0)),
    ]
}

/// Answers that ask for a wait of up to a minute, and the wait.
fn short() -> Vec<(Answer, Duration)> {
    vec![
        (limited().header("retry-after", "5"), SECOND * 5),
        (limited().header("retry-after", "60"), SECOND * 60),
        (limited().header("retry-after-ms", "1500"), SECOND * 3 / 2),
        (limited().header("retry-after", "Fri, 06 Nov 2026 08:49:40 GMT"), SECOND * 3),
        (limited_in_body("2.5"), SECOND * 5 / 2),
        (limited_in_body(r#""7""#), SECOND * 7),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_more_than_a_minute_is_an_error_after_one_request() {
    for (answer, wait) in too_long() {
        let started = Instant::now();
        for (outcome, script) in
            both!([answer.clone()], |client| client.chats().messages(CHAT).send("Hello!"))
        {
            let error = outcome.unwrap_err();
            assert_eq!((error.retry_after(), error.retry()), (Some(wait), Retry::After(wait)), "{answer:?}");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
            assert!(error.idempotency_key().is_some());
            assert!(script.played().waits.is_empty());
        }
        assert_eq!(started.elapsed(), Duration::ZERO, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_up_to_a_minute_is_waited() {
    for (answer, wait) in short() {
        let started = Instant::now();
        let answers = [answer.clone(), Answer::sent("pending")];
        let [(outcome, _), (other, script)] =
            both!(answers.clone(), |client| client.chats().messages(CHAT).send("Hello!"));
        outcome.unwrap();
        other.unwrap();
        assert_eq!(script.played().waits, [wait], "{answer:?}");
        let waited = started.elapsed();
        assert!(waited >= wait && waited < wait + SECOND / 10, "{answer:?}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_longest_wait_can_be_set_on_the_client_and_on_the_call() {
    let answers = || [limited().header("retry-after", "120"), Answer::sent("pending")];
    for (outcome, _) in both!(answers(), |client| {
        client.chats().messages(CHAT).send("Hello!").max_retry_after(SECOND * 120)
    }) {
        outcome.unwrap();
    }
    let patient = Script::new(answers().into_iter().chain(answers()));
    let (client, blocking) = patient.clients(|builder| builder.max_retry_after(SECOND * 300));
    client.chats().messages(CHAT).send("Hello!").await.unwrap();
    blocking.chats().messages(CHAT).send("Hello!").call().unwrap();
    for (outcome, _) in both!([limited().header("retry-after", "3")], |client| {
        client.chats().messages(CHAT).send("Hello!").max_retry_after(SECOND * 2)
    }) {
        assert_eq!(outcome.unwrap_err().retry_after(), Some(SECOND * 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_an_error_at_once() {
    for (answer, wait) in
        [(limited().header("retry-after", "30"), SECOND * 30), (limited_in_body("4.5"), SECOND * 9 / 2)]
    {
        let started = Instant::now();
        for (outcome, _) in both!([answer.clone()], |client| {
            client.chats().messages(CHAT).send("Hello!").deadline(SECOND * 4)
        }) {
            let error = outcome.unwrap_err();
            assert_eq!(
                (error.retry_after(), error.kind(), error.attempts()),
                (Some(wait), ErrorKind::Api, 1)
            );
            assert!(error.is_rate_limited() && !error.maybe_sent());
        }
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn earlier_attempts_and_waits_count_towards_the_deadline() {
    let answers = [Answer::Hangs, limited().header("retry-after", "2"), limited().header("retry-after", "1")];
    let script = Script::new(answers);
    let client = script.client();
    let started = Instant::now();
    let send = client.chats().messages(CHAT).send("Hello!").timeout(SECOND).deadline(SECOND * 4);
    let error = send.await.unwrap_err();
    assert_eq!((error.retry_after(), error.attempts(), error.kind()), (Some(SECOND), 3, ErrorKind::Api));
    assert!(started.elapsed() < SECOND * 4, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_list_reports_a_long_wait_and_continues_after_it() {
    let page = json!({"messages": []});
    let answers = [limited().header("retry-after", "120"), Answer::json(200, &page)];
    let (script, other) = (Script::new(answers.clone()), Script::new(answers));
    let client = script.client();
    let mut items = client.chats().messages(CHAT).list().items();
    assert_eq!(items.next().await.unwrap().unwrap_err().retry_after(), Some(SECOND * 120));
    assert!(items.next().await.is_none());
    let client = other.blocking();
    let mut items = client.chats().messages(CHAT).list().items();
    assert_eq!(items.next().unwrap().unwrap_err().retry_after(), Some(SECOND * 120));
    assert!(items.next().is_none());
}

fn photo() -> UploadFile {
    UploadFile::new("photo.jpg", "image/jpeg", &b"\xff\xd8 a photo"[..])
}

fn announced() -> Answer {
    Answer::json(
        201,
        &json!({
            "attachment_id": "a1", "upload_url": "https://storage.example.com/a", "http_method": "PUT",
            "required_headers": {}, "expires_at": "2026-09-01T10:15:00Z", "download_url": "https://cdn.example.com/a1",
        }),
    )
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_of_an_upload_is_an_error_at_once_in_each_of_its_requests() {
    let busy = || limited().header("retry-after", "30");
    for answers in [vec![busy()], vec![announced(), busy()]] {
        let started = Instant::now();
        for (outcome, script) in
            both!(answers.clone(), |client| client.attachments().upload(photo()).deadline(SECOND * 4))
        {
            let error = outcome.unwrap_err();
            assert_eq!((error.retry_after(), error.kind()), (Some(SECOND * 30), ErrorKind::Api));
            assert_eq!(script.played().requests.len(), answers.len());
        }
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn polling_for_a_file_obeys_a_wait_or_gives_up_at_once() {
    let look = json!({
        "id": "a1", "filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": 10, "status": "complete",
        "created_at": "2026-09-01T10:00:00Z",
    });
    let answers = |seconds| {
        let busy = limited().header("retry-after", seconds);
        [announced(), Answer::empty(200), busy, Answer::json(200, &look)]
    };
    let [(outcome, _), (other, script)] =
        both!(answers("10"), |client| { client.attachments().upload(photo()).wait_until_ready(SECOND * 60) });
    assert!(outcome.is_ok() && other.is_ok());
    assert_eq!(script.played().waits, [SECOND * 10]);
    let started = Instant::now();
    for (outcome, script) in
        both!(answers("90"), |client| { client.attachments().upload(photo()).wait_until_ready(SECOND * 60) })
    {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::AttachmentNotReady);
        assert_eq!(script.played().requests.len(), 3);
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
}

//! Uploads: announced with the key, then sent without it.

use std::{
    collections::BTreeMap,
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use linq_core::{
    ErrorKind, Retry, TransportErrorKind,
    resources::attachments::UploadFile,
    types::{check::Rule, parts::Part},
};
use serde_json::json;
use tokio::time::Instant;

use super::script::{Answer, Script, both};

const BYTES: &[u8] = b"\xff\xd8 a photo";
const UPLOAD_URL: &str = "https://storage.example.com/put/a%2Fb?signature=a%2Bb%3D&expires=900";

fn announced() -> Answer {
    let headers = json!({
        "Content-Type": "image/jpeg",
        "Content-Length": BYTES.len().to_string(),
        "x-amz-meta-owner": "p1",
    });
    let answer = json!({
        "attachment_id": "a1",
        "upload_url": UPLOAD_URL,
        "http_method": "PUT",
        "required_headers": headers,
        "expires_at": "2026-09-01T10:15:00Z",
        "download_url": "https://cdn.example.com/a1",
    });
    Answer::json(201, &answer)
}

fn look(status: &str) -> Answer {
    let attachment = json!({
        "id": "a1",
        "filename": "photo.jpg",
        "content_type": "image/jpeg",
        "size_bytes": BYTES.len(),
        "status": status,
        "created_at": "2026-09-01T10:00:00Z",
    });
    Answer::json(200, &attachment)
}

fn stored() -> Answer {
    Answer::Response { status: 200, headers: Vec::new(), body: "".into() }
}

/// A photo, and how often it has been opened.
fn photo() -> (UploadFile, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let file = UploadFile::from_reader("photo.jpg", "image/jpeg", BYTES.len() as u64, move || {
        count.fetch_add(1, SeqCst);
        Ok(Cursor::new(BYTES))
    });
    (file, opened)
}

/// The second request and those after it, as the storage sees them.
fn assert_stored_with_exactly_the_required_headers(script: &Script, attempts: usize) {
    let played = script.played();
    let (announcement, puts) = played.requests.split_first().unwrap();
    assert_eq!(announcement.headers[AUTHORIZATION], "Bearer test-api-key");
    let expected = json!({"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": BYTES.len()});
    assert_eq!(announcement.json(), expected);
    assert_eq!(puts.len(), attempts);
    for put in puts {
        assert_eq!((put.method.as_str(), put.uri.to_string()), ("PUT", UPLOAD_URL.to_owned()));
        let headers: BTreeMap<_, _> =
            put.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        // The length is written by the backend, from the body.
        let required = [("content-type", "image/jpeg"), ("x-amz-meta-owner", "p1")];
        assert_eq!(headers, BTreeMap::from(required));
        assert_eq!(put.body, BYTES);
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_has_exactly_the_required_headers_and_is_opened_again_for_each_attempt() {
    let lost = Answer::Fails(TransportErrorKind::Other);
    let answers = [announced(), lost, Answer::Hangs, stored()];
    let (file, opened) = photo();
    for (outcome, script) in both!(answers.clone(), |client| client.attachments().upload(file.clone())) {
        assert_eq!(outcome.unwrap().attachment_id, "a1");
        assert_stored_with_exactly_the_required_headers(&script, 3);
    }
    assert_eq!(opened.load(SeqCst), 2 * 3);
}

#[tokio::test]
async fn the_defaults_of_the_client_do_not_reach_the_storage() {
    let script = Script::new([announced(), stored(), announced(), stored()]);
    let (client, blocking) = script.clients(|builder| {
        let secret = (HeaderName::from_static("x-team-secret"), HeaderValue::from_static("s"));
        builder.default_header(secret.0, secret.1).default_query("tenant", "t1")
    });
    client.attachments().upload(photo().0).await.unwrap();
    assert_stored_with_exactly_the_required_headers(&script, 1);
    script.played().requests.clear();
    blocking.attachments().upload(photo().0).call().unwrap();
    assert_stored_with_exactly_the_required_headers(&script, 1);
}

#[tokio::test]
async fn a_rejected_upload_is_an_error_without_the_url() {
    let denied = Answer::Response { status: 403, headers: Vec::new(), body: "<Error/>".into() };
    let answers = [announced(), denied];
    for (outcome, _) in both!(answers.clone(), |client| client.attachments().upload(photo().0)) {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 403));
        assert_eq!(error.body().unwrap(), "<Error/>");
        assert!(!format!("{error} {error:?}").contains("signature"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_can_wait_until_the_file_is_ready() {
    let answers = [announced(), stored(), look("pending"), look("pending"), look("complete")];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().upload(photo().0).wait_until_ready(Duration::from_secs(60))
    }) {
        assert_eq!(outcome.unwrap().attachment_id, "a1");
        assert_eq!(script.played().requests.len(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_not_ready_in_time_is_an_error_with_its_id() {
    let answers = [announced(), stored(), look("pending")];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().upload(photo().0).wait_until_ready(Duration::from_millis(400))
    }) {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::AttachmentNotReady, Retry::Never));
        assert_eq!(error.attachment_id().unwrap(), "a1");
        assert_eq!(
            error.to_string(),
            "timed out waiting for the attachment to be ready; it is uploaded: send it later by `attachment_id()`, \
             or allow a longer timeout"
        );
        assert_eq!(script.played().requests.len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_file_ends_when_its_timeout_leaves_no_time_for_another_poll() {
    let script = Script::new([announced(), stored()].into_iter().chain([(); 5].map(|()| look("pending"))));
    let client = script.client();
    let started = Instant::now();
    let upload = client.attachments().upload(photo().0).wait_until_ready(Duration::from_millis(2200));
    assert_eq!(upload.await.unwrap_err().kind(), ErrorKind::AttachmentNotReady);
    assert_eq!(started.elapsed().as_millis(), 2000);
}

#[tokio::test(start_paused = true)]
async fn a_failed_poll_does_not_lose_the_upload() {
    let not_ready = Answer::error(404, 2007);
    let lost = Answer::Fails(TransportErrorKind::Other);
    let answers = [announced(), stored(), not_ready, lost, look("complete")];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().upload(photo().0).wait_until_ready(Duration::from_secs(60))
    }) {
        assert_eq!(outcome.unwrap().attachment_id, "a1");
        assert_eq!(script.played().requests.len(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_the_service_could_not_process_is_an_error() {
    for (answer, kind) in
        [(look("failed"), ErrorKind::FailedAttachment), (Answer::error(404, 2003), ErrorKind::Api)]
    {
        let answers = [announced(), stored(), answer];
        for (outcome, _) in both!(answers.clone(), |client| {
            client.attachments().upload(photo().0).wait_until_ready(Duration::from_secs(60))
        }) {
            assert_eq!(outcome.unwrap_err().kind(), kind);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn headers_and_parameters_of_an_upload_are_not_sent_to_the_storage() {
    let answers = [announced(), stored(), look("complete")];
    for (outcome, script) in both!(answers.clone(), |client| {
        let upload = client.attachments().upload(photo().0).wait_until_ready(Duration::from_secs(60));
        upload.header("x-team", "blue").query("tenant", "t1")
    }) {
        outcome.unwrap();
        let played = script.played();
        let [announcement, put, look] = &played.requests[..] else { panic!("{:?}", played.requests) };
        for request in [announcement, look] {
            assert_eq!(
                (&request.headers["x-team"], request.uri.query()),
                (&"blue".parse().unwrap(), Some("tenant=t1"))
            );
        }
        assert!(!put.headers.contains_key("x-team"));
        assert_eq!(put.uri.to_string(), UPLOAD_URL);
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_of_an_upload_are_those_of_each_of_its_requests() {
    let lost = || Answer::Fails(TransportErrorKind::Connect);
    for answers in [vec![lost(), lost()], vec![lost(), announced(), lost(), lost()]] {
        for (outcome, script) in
            both!(answers.clone(), |client| client.attachments().upload(photo().0).max_attempts(2))
        {
            assert_eq!(outcome.unwrap_err().attempts(), 2);
            assert_eq!(script.played().requests.len(), answers.len());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_an_upload_ends_it() {
    let script = Script::new([announced(), Answer::Hangs]);
    let client = script.client();
    let started = Instant::now();
    let upload = client.attachments().upload(photo().0).deadline(Duration::from_secs(7));
    assert!(upload.await.unwrap_err().is_timeout());
    assert_eq!(started.elapsed().as_secs(), 7);

    let script = Script::new([announced(), Answer::Hangs]);
    let deadline = Duration::from_millis(300);
    let client = script.blocking();
    let error = client.attachments().upload(photo().0).deadline(deadline).call().unwrap_err();
    assert!(error.is_timeout());
    assert!(script.played().timeouts.iter().all(|timeout| *timeout <= deadline));
}

#[tokio::test(start_paused = true)]
async fn a_file_becomes_a_part_when_it_can_be_sent() {
    let answers = [announced(), stored(), Answer::error(404, 2007), look("pending"), look("complete")];
    for (outcome, script) in both!(answers.clone(), |client| client.attachments().upload_part(photo().0)) {
        assert_eq!(outcome.unwrap(), Part::attachment("a1"));
        assert_eq!(script.played().requests.len(), 5);
    }
}

#[tokio::test]
async fn a_part_is_sent_by_its_public_url_if_the_service_downloads_that() {
    const URL: &str = "https://example.com/photo.jpg";
    for (outcome, script) in both!([], |client| client.attachments().upload_part(photo().0.public_url(URL))) {
        assert_eq!(outcome.unwrap(), Part::media_url(URL));
        assert!(script.played().requests.is_empty());
    }
    let large = UploadFile::from_reader("photo.jpg", "image/jpeg", 10_000_001, || Ok(Cursor::new(BYTES)));
    for file in [photo().0.public_url("http://example.com/photo.jpg"), large.public_url(URL)] {
        let answers = [Answer::error(400, 5004)];
        for (outcome, script) in
            both!(answers.clone(), |client| client.attachments().upload_part(file.clone()))
        {
            outcome.unwrap_err();
            assert_eq!(script.played().requests[0].uri.path(), "/api/partner/v3/attachments");
        }
    }
    let flac = UploadFile::new("a.flac", "audio/flac", BYTES).public_url("https://example.com/a.flac");
    for (outcome, _) in both!([], |client| client.attachments().upload_part(flac.clone())) {
        assert_eq!(outcome.unwrap_err().violation().unwrap().rule, Rule::MediaType);
    }
}

#[test]
fn a_file_on_disk_has_the_media_type_of_its_extension() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (photo, song) = (path.join("a photo.JPG"), path.join("a song.flac"));
    for file in [&photo, &song] {
        std::fs::write(file, BYTES).unwrap();
    }
    let shown = format!("{:?}", UploadFile::from_path(&photo).unwrap());
    assert!(shown.contains("ImageJpeg") && !shown.contains("photo"), "{shown}");
    let error = UploadFile::from_path(&song).unwrap_err();
    assert!(error.to_string().starts_with("unknown file extension"), "{error}");
    assert_eq!(
        UploadFile::from_path(path.join("none.jpg")).unwrap_err().kind(),
        std::io::ErrorKind::NotFound
    );
}

//! Downloads: in chunks, without the key, and past an expired URL.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, IF_MATCH, RANGE};
use linq_core::{
    Error, ErrorKind, TransportErrorKind,
    resources::attachments::{DownloadError, MediaSource},
    types::parts::MediaPartResponse,
};
use serde_json::json;

use super::script::{Answer, Script, both};

mod memory;

const URL: &str = "https://cdn.example.com/a1?signature=a%2Bb%3D";
const FRESH_URL: &str = "https://cdn.example.com/a1?signature=fresh";
const SECRET: &str = "signature=";

fn media() -> MediaPartResponse {
    serde_json::from_value(json!({ "id": "a1", "url": URL, "size_bytes": 10 })).unwrap()
}

/// Bytes of the file `0123456789`.
fn part(range: &'static str, bytes: &'static str) -> Answer {
    response(206, bytes).header("content-range", range).header("etag", "\"v1\"")
}

fn response(status: u16, body: &'static str) -> Answer {
    Answer::Response { status, headers: Vec::new(), body: body.into() }
}

fn parts() -> [Answer; 3] {
    [part("bytes 0-3/10", "0123"), part("bytes 4-7/10", "4567"), part("bytes 8-9/10", "89")]
}

fn expired() -> Answer {
    response(403, "<Error><Code>AccessDenied</Code></Error>")
}

fn fresh() -> Answer {
    Answer::json(200, &json!({ "id": "a1", "status": "complete", "download_url": FRESH_URL }))
}

/// The URL and the range of each request.
fn asked(script: &Script) -> Vec<(String, String)> {
    let played = script.played();
    let asked = played.requests.iter().map(|request| {
        let range = request.headers.get(RANGE).map_or("", |range| range.to_str().unwrap());
        (request.uri.to_string(), range.to_owned())
    });
    asked.collect()
}

fn ranges(script: &Script) -> Vec<String> {
    asked(script).into_iter().map(|(_, range)| range).collect()
}

#[track_caller]
fn reason(error: &Error) -> &DownloadError {
    assert_eq!(error.kind(), ErrorKind::Download, "{error}");
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    error.download_error().unwrap()
}

#[tokio::test]
async fn a_file_is_requested_in_chunks_of_one_version_and_without_the_key() {
    let download = parts();
    for (outcome, script) in
        both!(download.clone(), |client| client.attachments().download(&media()).chunk_bytes(4))
    {
        assert_eq!(outcome.unwrap(), "0123456789");
        assert_eq!(ranges(&script), ["bytes=0-3", "bytes=4-7", "bytes=8-11"]);
        for (at, request) in script.played().requests.iter().enumerate() {
            assert_eq!((request.method.as_str(), request.uri.to_string()), ("GET", URL.to_owned()));
            assert_eq!(request.headers.get(IF_MATCH).is_some(), at > 0, "{at}");
            assert!(request.headers.get(IF_MATCH).is_none_or(|etag| etag == "\"v1\""));
            assert_eq!(request.headers[ACCEPT_ENCODING], "identity");
            assert!(!request.headers.contains_key(AUTHORIZATION));
            assert_eq!(request.headers.len(), 2 + usize::from(at > 0), "{:?}", request.headers);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_fails_is_requested_again_and_written_once() {
    let [first, second, third] = parts();
    let answers =
        [first, Answer::Fails(TransportErrorKind::Other), Answer::Hangs, second, Answer::empty(503), third];
    let progress = Arc::new(Mutex::new(Vec::new()));
    let mut written = Vec::new();
    for (outcome, script) in both!(answers.clone(), |client| {
        let seen = Arc::clone(&progress);
        let download = client.attachments().download(&media()).chunk_bytes(4);
        let download = download.on_progress(move |done, size| seen.lock().unwrap().push((done, size)));
        download.write_to(&mut written)
    }) {
        assert_eq!(outcome.unwrap(), 10);
        assert_eq!(script.played().requests.len(), 6);
    }
    assert_eq!(written, b"01234567890123456789");
    assert_eq!(*progress.lock().unwrap(), [(4, 10), (8, 10), (10, 10)].repeat(2));
}

#[tokio::test]
async fn an_expired_url_is_replaced_by_a_fresh_one_and_the_download_goes_on_where_it_was() {
    let [first, second, third] = parts();
    let answers = [first, expired(), fresh(), second, third];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().download(&media()).chunk_bytes(4).header("x-team", "blue")
    }) {
        assert_eq!(outcome.unwrap(), "0123456789");
        let api = "http://localhost/api/partner/v3/attachments/a1";
        let expected = [
            (URL, "bytes=0-3"),
            (URL, "bytes=4-7"),
            (api, ""),
            (FRESH_URL, "bytes=4-7"),
            (FRESH_URL, "bytes=8-11"),
        ];
        assert_eq!(asked(&script), expected.map(|(url, range)| (url.to_owned(), range.to_owned())));
        for (at, request) in script.played().requests.iter().enumerate() {
            assert_eq!(request.headers.contains_key(AUTHORIZATION), at == 2);
            assert_eq!(request.headers.contains_key("x-team"), at == 2);
        }
    }
}

#[tokio::test]
async fn a_fresh_url_that_is_refused_too_is_the_error() {
    for status in [400, 401, 403, 410] {
        let refused = response(status, "<Error/>");
        let answers = [refused.clone(), fresh(), refused.clone()];
        for (outcome, script) in both!(answers.clone(), |client| client.attachments().download(&media())) {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, status));
            assert!(!format!("{error} {error:?}").contains(SECRET));
            assert_eq!(script.played().requests.len(), 3);
        }
        let answers = [refused];
        for (outcome, _) in
            both!(answers.clone(), |client| client.attachments().download(MediaSource::from_url(URL)))
        {
            assert_eq!(
                outcome.unwrap_err().status().unwrap().as_u16(),
                status,
                "there is no attachment to ask"
            );
        }
    }
}

#[tokio::test]
async fn an_attachment_is_downloaded_by_its_id_alone_if_it_has_a_url() {
    let [first, second, third] = parts();
    let answers = [fresh(), first, second, third];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().download(linq_core::types::AttachmentId::from("a1")).chunk_bytes(4)
    }) {
        assert_eq!(outcome.unwrap(), "0123456789");
        assert_eq!(asked(&script)[1].0, FRESH_URL);
    }
    let pending = Answer::json(200, &json!({ "id": "a1", "status": "pending" }));
    let answers = [pending];
    for (outcome, _) in both!(answers.clone(), |client| {
        client.attachments().download(linq_core::types::AttachmentId::from("a1"))
    }) {
        assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::NoUrl));
    }
}

#[tokio::test]
async fn a_file_that_changes_between_two_chunks_is_an_error() {
    let [first, ..] = parts();
    for change in [
        response(412, "<Error/>"),
        response(416, "<Error/>"),
        part("bytes 4-7/11", "4567"),
        response(206, "4567").header("content-range", "bytes 4-7/10").header("etag", "\"v2\""),
        response(200, "abcdefghij").header("etag", "\"v2\""),
    ] {
        let answers = [first.clone(), change];
        let mut written = Vec::new();
        for (outcome, _) in both!(answers.clone(), |client| {
            client.attachments().download(&media()).chunk_bytes(4).write_to(&mut written)
        }) {
            assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::Changed), "{answers:?}");
        }
        assert_eq!(written, b"01230123");
    }
}

#[tokio::test]
async fn nothing_of_a_file_that_is_too_large_is_written() {
    for answer in [part("bytes 0-3/10", "0123"), response(200, "0123456789")] {
        let answers = [answer];
        let mut written = Vec::new();
        for (outcome, script) in both!(answers.clone(), |client| {
            client.attachments().download(&media()).max_bytes(9).write_to(&mut written)
        }) {
            let error = outcome.unwrap_err();
            assert!(matches!(reason(&error), DownloadError::TooLarge { size: 10 }), "{error}");
            assert_eq!(ranges(&script), ["bytes=0-8"]);
        }
        assert!(written.is_empty());
    }
    let [first, second, third] = parts();
    let answers = [first, second, third];
    for (outcome, _) in
        both!(answers.clone(), |client| client.attachments().download(&media()).max_bytes(10).chunk_bytes(4))
    {
        assert_eq!(outcome.unwrap().len(), 10);
    }
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_sends_the_whole_file() {
    let answers = [response(200, "0123456789")];
    for (outcome, _) in
        both!(answers.clone(), |client| client.attachments().download(&media()).chunk_bytes(4))
    {
        assert_eq!(outcome.unwrap(), "0123456789");
    }
    for (outcome, _) in
        both!(answers.clone(), |client| client.attachments().download(&media()).resume_from(7))
    {
        assert_eq!(outcome.unwrap(), "789");
    }
    let answers = [response(416, "<Error/>")];
    for (outcome, _) in both!(answers.clone(), |client| client.attachments().download(&media())) {
        assert_eq!(outcome.unwrap(), "", "an empty file has no range");
    }
}

#[tokio::test]
async fn a_download_is_resumed_after_what_is_there_and_ends_if_that_is_all() {
    let answers = [part("bytes 3-6/10", "3456"), part("bytes 7-9/10", "789")];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.attachments().download(&media()).chunk_bytes(4).resume_from(4)
    }) {
        assert_eq!(outcome.unwrap(), "456789");
        assert_eq!(ranges(&script), ["bytes=3-6", "bytes=7-10"]);
    }
    let answers = [part("bytes 9-9/10", "9")];
    for (outcome, _) in
        both!(answers.clone(), |client| client.attachments().download(&media()).resume_from(10))
    {
        assert_eq!(outcome.unwrap(), "");
    }
    for longer in [response(416, "<Error/>"), response(200, "0123")] {
        let answers = [longer];
        for (outcome, _) in
            both!(answers.clone(), |client| client.attachments().download(&media()).resume_from(12))
        {
            assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::Changed));
        }
    }
}

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

#[tokio::test]
async fn the_same_call_starts_a_file_and_completes_one_that_was_stopped() {
    let [first, second, third] = parts();
    let path = file("resumed");
    let rest = [part("bytes 7-9/10", "789")];
    let stopped = Script::new([first, second, Answer::empty(404)]);
    let client = stopped.client();
    let download = || client.attachments().download(&media()).chunk_bytes(4).append_to_file(&path);
    assert_eq!(download().await.unwrap_err().status().unwrap().as_u16(), 404);
    assert_eq!(fs::read(&path).unwrap(), b"01234567");
    let script = Script::new(rest);
    let client = script.blocking();
    assert_eq!(client.attachments().download(&media()).append_to_file(&path).call().unwrap(), 10);
    assert_eq!(fs::read(&path).unwrap(), b"0123456789");
    drop(third);
    fs::remove_file(path).unwrap();

    let nowhere = file("nowhere").join("a.mp4");
    for (outcome, script) in
        both!([], |client| client.attachments().download(&media()).append_to_file(&nowhere))
    {
        let error = outcome.unwrap_err();
        let DownloadError::Write(cause) = reason(&error) else { panic!("{error}") };
        assert_eq!(cause.kind(), io::ErrorKind::NotFound);
        assert!(script.played().requests.is_empty());
    }
}

#[tokio::test]
async fn a_redirect_is_followed_within_its_scheme_without_the_key() {
    let redirect = |to| response(302, "").header("location", to);
    let [first, second, third] = parts();
    let answers = [
        redirect("https://storage.example.com/x?signature=1"),
        redirect("/y?signature=2"),
        first,
        second,
        redirect("//cdn.example.com/z"),
        third,
    ];
    for (outcome, script) in
        both!(answers.clone(), |client| client.attachments().download(&media()).chunk_bytes(4))
    {
        assert_eq!(outcome.unwrap(), "0123456789");
        let urls: Vec<_> = asked(&script).into_iter().map(|(url, _)| url).collect();
        let expected = [
            URL,
            "https://storage.example.com/x?signature=1",
            "https://storage.example.com/y?signature=2",
            URL,
            URL,
            "https://cdn.example.com/z",
        ];
        assert_eq!(urls, expected);
        assert!(script.played().requests.iter().all(|request| !request.headers.contains_key(AUTHORIZATION)));
    }
}

#[tokio::test]
async fn a_redirect_to_another_scheme_or_one_too_many_is_an_error() {
    let redirect = |to| response(307, "").header("location", to);
    let answers = [redirect("http://cdn.example.com/a1?signature=1")];
    for (outcome, _) in both!(answers.clone(), |client| client.attachments().download(&media())) {
        let error = outcome.unwrap_err();
        assert!(matches!(reason(&error), DownloadError::RedirectScheme), "{error}");
        assert_eq!(error.location(), Some("http://cdn.example.com/a1?..."));
    }
    let answers = [(); 6].map(|()| redirect("/again"));
    for (outcome, _) in both!(answers.clone(), |client| client.attachments().download(&media())) {
        assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::Redirect));
    }
    let answers = [response(302, "")];
    for (outcome, _) in both!(answers.clone(), |client| client.attachments().download(&media())) {
        assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::Redirect));
    }
}

#[tokio::test]
async fn bytes_that_were_not_requested_are_an_error() {
    for answer in [
        part("bytes 4-7/10", "4567"),
        part("bytes 0-3/10", "012"),
        part("bytes 0-3/*", "0123"),
        response(206, "0123"),
    ] {
        let answers = [answer];
        for (outcome, _) in both!(answers.clone(), |client| client.attachments().download(&media())) {
            assert!(matches!(reason(&outcome.unwrap_err()), DownloadError::Range), "{answers:?}");
        }
    }
}

#[tokio::test]
async fn a_writer_that_fails_ends_the_download() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let [first, ..] = parts();
    let answers = [first];
    for (outcome, _) in
        both!(answers.clone(), |client| client.attachments().download(&media()).write_to(Full))
    {
        let error = outcome.unwrap_err();
        let DownloadError::Write(cause) = reason(&error) else { panic!("{error}") };
        assert_eq!(cause.kind(), io::ErrorKind::StorageFull);
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_download_limits_all_its_requests() {
    let [first, ..] = parts();
    let answers = [first, Answer::Hangs, Answer::Hangs, Answer::Hangs];
    for (outcome, _) in both!(answers.clone(), |client| {
        let download = client.attachments().download(&media()).chunk_bytes(4);
        download.timeout(Duration::from_millis(40)).deadline(Duration::from_millis(100))
    }) {
        assert!(outcome.unwrap_err().is_timeout());
    }
}

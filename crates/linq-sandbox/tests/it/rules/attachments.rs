//! Rules 27 and 40 to 42: files.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{
    AttachmentId,
    attachments::{Attachment, AttachmentCreateResponse},
    parts::{Part, PartResponse},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

use crate::it::api::{ADA, Api};

const BYTES: &[u8] = b"not really a picture";

fn photo() -> Value {
    json!({ "filename": "my photo.jpg", "content_type": "image/jpeg", "size_bytes": BYTES.len() })
}

async fn announce(api: &Api, body: Value) -> AttachmentCreateResponse {
    let reply = api.post("/v3/attachments", body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    serde_json::from_value(reply.body).unwrap()
}

fn put(announced: &AttachmentCreateResponse, bytes: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let mut request = Request::put(&announced.upload_url);
    for (name, value) in &announced.required_headers {
        request = request.header(name, value);
    }
    request.body(Full::new(bytes.into())).unwrap()
}

async fn uploaded(api: &Api) -> AttachmentCreateResponse {
    let announced = announce(api, photo()).await;
    assert_eq!(api.exchange(put(&announced, BYTES)).await.status(), 200);
    announced
}

fn media(id: &AttachmentId) -> Value {
    json!({ "parts": [{ "type": "media", "attachment_id": id }] })
}

#[tokio::test]
async fn rule_27_media_at_an_address_is_hosted_again() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let url = "https://example.com/pictures/cat.png?size=7";
    let message = json!({ "parts": [{ "type": "media", "url": url, "mime_type": "image/png" }] });
    let sent = api.send_message(&chat_id, message).await;
    let part: PartResponse = serde_json::from_value(sent.body["message"]["parts"][0].clone()).unwrap();
    let PartResponse::Media(part) = part else { panic!("{part:?}") };
    assert_ne!(part.url.unwrap(), url);
    assert_eq!((part.filename.as_deref(), part.mime_type.as_deref()), (Some("cat.png"), Some("image/png")));
    assert!(sent.body["message"]["parts"][0]["size_bytes"].as_u64().unwrap() > 0);
    assert_eq!(sent.body["message"]["parts"][0]["id"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn rule_40_an_upload_with_its_headers_and_size_is_ready_to_send_and_to_download() {
    let api = Api::start().await;
    let announced = announce(&api, photo()).await;
    assert_eq!(announced.http_method.as_deref(), Some("PUT"));
    assert_eq!(announced.required_headers["Content-Length"], BYTES.len().to_string());
    let path = format!("/v3/attachments/{}", announced.attachment_id);
    let pending = api.get(&path).await.body;
    assert_eq!(pending["status"], "pending");
    serde_json::from_value::<Attachment>(pending).unwrap();
    let url = announced.download_url.as_deref().unwrap();
    let download = || Request::get(url).body(Full::default()).unwrap();
    assert_eq!(api.exchange(download()).await.status(), 404);

    let answer = api.exchange(put(&announced, BYTES)).await;
    assert_eq!((answer.status(), answer.body().len()), (StatusCode::OK, 0));
    assert_eq!(api.get(&path).await.body["status"], "complete");
    let (chat_id, _) = api.chat_with_ada().await;
    let sent = api.send_message(&chat_id, media(&announced.attachment_id)).await;
    let part = &sent.body["message"]["parts"][0];
    assert_eq!(sent.status, 202, "{sent:?}");
    assert_eq!((&part["filename"], &part["mime_type"]), (&json!("my photo.jpg"), &json!("image/jpeg")));
    assert_eq!((&part["size_bytes"], &part["id"]), (&json!(BYTES.len()), &json!(announced.attachment_id)));

    let file = api.exchange(download()).await;
    assert_eq!(
        (file.status(), file.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "image/jpeg")
    );
    assert_eq!(file.body(), BYTES);
}

#[tokio::test]
async fn rule_40_another_header_size_or_signature_is_403_in_xml() {
    let api = Api::start().await;
    let announced = announce(&api, photo()).await;
    let mut other_type = put(&announced, BYTES);
    other_type.headers_mut().insert("content-type", "image/png".parse().unwrap());
    let mut no_type = put(&announced, BYTES);
    no_type.headers_mut().remove("content-type");
    let mut shorter = put(&announced, &BYTES[1..]);
    shorter.headers_mut().insert("content-length", (BYTES.len() - 1).into());
    let mut longer = put(&announced, [BYTES, b"!"].concat());
    longer.headers_mut().insert("content-length", (BYTES.len() + 1).into());
    let mut unsigned = put(&announced, BYTES);
    *unsigned.uri_mut() = announced.upload_url.split('?').next().unwrap().parse().unwrap();
    for request in [other_type, no_type, shorter, longer, unsigned] {
        let shown = format!("{request:?}");
        let answer = api.exchange(request).await;
        assert_eq!(answer.status(), 403, "{shown}");
        assert_eq!(answer.headers()["content-type"], "application/xml");
        let xml = String::from_utf8_lossy(answer.body());
        assert!(xml.contains("<Code>SignatureDoesNotMatch</Code>"), "{xml}");
    }
    let path = format!("/v3/attachments/{}", announced.attachment_id);
    assert_eq!(api.get(&path).await.body["status"], "pending");
    let mut with_key = put(&announced, BYTES);
    with_key.headers_mut().insert("authorization", "Bearer key".parse().unwrap());
    assert_eq!(api.exchange(with_key).await.status(), 400);
    let mut unknown = put(&announced, BYTES);
    *unknown.uri_mut() =
        announced.upload_url.replace(announced.attachment_id.as_str(), "none").parse().unwrap();
    assert_eq!(api.exchange(unknown).await.status(), 404);
    let mut posted = put(&announced, BYTES);
    *posted.method_mut() = Method::POST;
    assert_eq!(api.exchange(posted).await.status(), 405);
    assert_eq!(api.exchange(put(&announced, BYTES)).await.status(), 200);
}

#[tokio::test]
async fn rule_40_the_xml_is_a_switch() {
    let rules = Assumptions::default().xml_upload_errors(false);
    let api = Api::with(Sandbox::builder().assumptions(rules)).await;
    let announced = announce(&api, photo()).await;
    let mut request = put(&announced, BYTES);
    request.headers_mut().remove("content-type");
    let answer = api.exchange(request).await;
    assert_eq!((answer.status(), answer.body().len()), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn rule_40_the_upload_address_is_good_for_15_minutes() {
    let api = Api::start().await;
    let (in_time, late) = (announce(&api, photo()).await, announce(&api, photo()).await);
    api.sandbox.advance(Duration::from_secs(14 * 60 + 50)).await;
    assert_eq!(api.exchange(put(&in_time, BYTES)).await.status(), 200);
    api.sandbox.advance(Duration::from_secs(11)).await;
    let answer = api.exchange(put(&late, BYTES)).await;
    assert_eq!(answer.status(), 403);
    assert!(String::from_utf8_lossy(answer.body()).contains("<Message>Request has expired</Message>"));
}

/// Begins to upload a file of this size, and sends only its first bytes.
async fn stall(api: &Api, size_bytes: u64) -> TcpStream {
    let file = json!({ "filename": "a.mov", "content_type": "video/quicktime", "size_bytes": size_bytes });
    let announced = announce(api, file).await;
    let path = announced.upload_url.split_once(&api.sandbox.address().to_string()).unwrap().1;
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: video/quicktime\r\ncontent-length: {size_bytes}\r\n\r\nmoov"
    );
    let mut stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn rule_40_uploads_that_stall_take_no_space_and_end_after_the_request_timeout() {
    const LARGEST: u64 = 100 * 1024 * 1024;
    let timeout = Duration::from_millis(3_000);
    let api = Api::with(Sandbox::builder().request_timeout(timeout)).await;
    let mut stalled = Vec::new();
    for _ in 0..10 {
        stalled.push(stall(&api, LARGEST).await);
    }
    let started = Instant::now();
    uploaded(&api).await;
    assert!(started.elapsed() < timeout, "{:?}", started.elapsed());
    for mut stream in stalled {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 400 ") && answer.contains("<Code>RequestTimeout</Code>"),
            "{answer}"
        );
    }
    assert!(started.elapsed() >= timeout - Duration::from_millis(500), "{:?}", started.elapsed());

    let trickling = stall(&api, LARGEST).await;
    let (mut answers, mut bytes) = trickling.into_split();
    let trickle = async {
        while bytes.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let mut answer = String::new();
    tokio::select! {
        () = trickle => {}
        read = answers.read_to_string(&mut answer) => drop(read),
    }
    assert!(answer.is_empty() || answer.contains("RequestTimeout"), "{answer}");
}

#[tokio::test]
async fn rule_40_uploads_beyond_256_mib_are_503_until_files_are_deleted() {
    const LARGE: usize = 100 * 1024 * 1024;
    let api = Api::start().await;
    let large = || json!({ "filename": "a.mov", "content_type": "video/quicktime", "size_bytes": LARGE });
    let bytes = Bytes::from(vec![0; LARGE]);
    let mut kept = Vec::new();
    for _ in 0..2 {
        let announced = announce(&api, large()).await;
        assert_eq!(api.exchange(put(&announced, bytes.clone())).await.status(), 200);
        kept.push(announced.attachment_id);
    }
    let third = announce(&api, large()).await;
    let head = put(&third, Bytes::new()).map(|_| Full::new(bytes.slice(..0)));
    let refused = api.exchange(head).await;
    assert_eq!(refused.status(), 503);
    assert!(String::from_utf8_lossy(refused.body()).contains("<Code>SlowDown</Code>"), "{refused:?}");
    uploaded(&api).await;
    assert_eq!(api.delete(&format!("/v3/attachments/{}", kept[0])).await.status, 204);
    assert_eq!(api.exchange(put(&third, bytes)).await.status(), 200);
}

#[tokio::test]
async fn rule_41_used_too_early_is_2007_unknown_is_2003_and_deleting_is_204() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let announced = announce(&api, photo()).await;
    let early = api.send_message(&chat_id, media(&announced.attachment_id)).await;
    assert_eq!(early.refusal(), (404, 2007));
    let unknown = AttachmentId::from("00000000-0000-4000-8000-000000000000");
    assert_eq!(api.send_message(&chat_id, media(&unknown)).await.refusal(), (404, 2003));
    assert_eq!(api.get(&format!("/v3/attachments/{unknown}")).await.refusal(), (404, 2003));
    assert_eq!(api.delete(&format!("/v3/attachments/{unknown}")).await.refusal(), (404, 2003));
    assert_eq!(api.delete("/v3/attachments/none").await.refusal(), (400, 1005), "which is no UUID");

    let uploaded = uploaded(&api).await;
    let path = format!("/v3/attachments/{}", uploaded.attachment_id);
    let deleted = api.delete(&path).await;
    assert_eq!((deleted.status.as_u16(), deleted.body), (204, Value::Null));
    assert_eq!(api.get(&path).await.refusal(), (404, 2003));
    assert_eq!(api.send_message(&chat_id, media(&uploaded.attachment_id)).await.refusal(), (404, 2003));
    let gone = Request::get(uploaded.download_url.unwrap()).body(Full::default()).unwrap();
    assert_eq!(api.exchange(gone).await.status(), 404);
}

#[tokio::test]
async fn rule_42_size_type_and_name_have_limits() {
    let api = Api::start().await;
    let most = 100 * 1024 * 1024;
    for (filename, content_type, size, refusal) in [
        ("a.mov", "video/quicktime", json!(most), None),
        ("a.mov", "video/quicktime", json!(most + 1), Some((400, 5005))),
        ("a.flac", "audio/flac", json!(1), Some((400, 5004))),
        ("a.ogg", "audio/ogg", json!(1), Some((400, 5004))),
        ("a.exe", "application/x-msdownload", json!(1), Some((400, 5004))),
        ("a.webp", "image/webp", json!(1), None),
        ("a.jpg", "image/jpeg", json!(0), Some((400, 1005))),
        ("", "image/jpeg", json!(1), Some((400, 1005))),
        ("a.jpg", "image/jpeg", json!(-1), Some((400, 1003))),
        ("a.jpg", "image/jpeg", json!("1"), Some((400, 1003))),
    ] {
        let body = json!({ "filename": filename, "content_type": content_type, "size_bytes": size, "x": 1 });
        let reply = api.post("/v3/attachments", body.clone()).await;
        match refusal {
            None => assert_eq!(reply.status, 200, "{body}"),
            Some(refusal) => {
                assert_eq!(reply.refusal(), refusal, "{body}");
                let named = ["filename", "content_type", "size_bytes"]
                    .iter()
                    .any(|field| reply.error_message().starts_with(&format!("`{field}`")));
                assert!(named, "{reply:?}");
            }
        }
    }
    let rules = Assumptions::default().accept_webp_and_svg(false);
    let api = Api::with(Sandbox::builder().assumptions(rules)).await;
    let webp = json!({ "filename": "a.webp", "content_type": "image/webp", "size_bytes": 1 });
    assert_eq!(api.post("/v3/attachments", webp).await.refusal(), (400, 5004));
}

#[tokio::test]
async fn a_contact_card_can_be_downloaded_from_the_available_number() {
    let api = Api::start().await;
    let card =
        json!({ "phone_number": "+12025550100", "first_name": "Ada, Countess", "last_name": "Lovelace" });
    api.post("/v3/contact_card", card).await;
    let url = api.get("/v3/available_number").await.body["vcf_url"].as_str().unwrap().to_owned();
    let file = api.exchange(Request::get(url).body(Full::default()).unwrap()).await;
    assert_eq!(file.headers()["content-type"], "text/vcard");
    let text = String::from_utf8(file.into_body().to_vec()).unwrap();
    assert!(text.contains("\r\nFN:Ada\\, Countess Lovelace\r\nTEL:+12025550100\r\n"), "{text}");
}

fn get(url: &str, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let request =
        headers.iter().fold(Request::get(url), |request, (name, value)| request.header(*name, *value));
    request.body(Full::default()).unwrap()
}

#[tokio::test]
async fn the_url_of_a_file_in_a_message_expires_after_an_hour_and_the_attachment_has_a_fresh_one() {
    let api = Api::still().await;
    let uploaded = uploaded(&api).await;
    let said = api.sandbox.person(ADA).sends(Part::attachment(&uploaded.attachment_id)).unwrap();
    let message = api.get(&format!("/v3/messages/{}", said.message_id)).await.body;
    let url = message["parts"][0]["url"].as_str().unwrap();
    api.sandbox.advance(Duration::from_secs(60 * 60 - 1)).await;
    assert_eq!(api.exchange(get(url, &[])).await.body(), BYTES);
    api.sandbox.advance(Duration::from_secs(1)).await;
    for url in [url, uploaded.download_url.as_deref().unwrap()] {
        let expired = api.exchange(get(url, &[])).await;
        assert_eq!(expired.status(), 403);
        assert!(String::from_utf8_lossy(expired.body()).contains("<Message>Request has expired</Message>"));
    }
    let attachment = api.get(&format!("/v3/attachments/{}", uploaded.attachment_id)).await.body;
    let fresh = attachment["download_url"].as_str().unwrap();
    assert_eq!(api.exchange(get(fresh, &[])).await.body(), BYTES);

    let (unsigned, query) = fresh.split_once('?').unwrap();
    let signature = query.split_once('&').unwrap().1;
    for forged in [
        unsigned.to_owned(),
        format!("{unsigned}?Expires=9999999999&{signature}"),
        format!("{unsigned}?Expires=never&{signature}"),
        format!("{unsigned}?{signature}"),
    ] {
        let refused = api.exchange(get(&forged, &[])).await;
        assert_eq!(refused.status(), 403, "{forged}");
        assert!(String::from_utf8_lossy(refused.body()).contains("<Code>SignatureDoesNotMatch</Code>"));
    }
    assert_eq!(api.exchange(get(fresh, &[("authorization", "Bearer key")])).await.status(), 400);
}

#[tokio::test]
async fn how_long_a_download_url_is_valid_is_a_switch() {
    let forever = Assumptions::default().download_url_ttl(None);
    let api = Api::with(Sandbox::builder().manual_time().assumptions(forever)).await;
    let url = uploaded(&api).await.download_url.unwrap();
    api.sandbox.advance(Duration::from_secs(48 * 60 * 60)).await;
    assert_eq!(api.exchange(get(&url, &[])).await.body(), BYTES);
}

#[tokio::test]
async fn a_range_of_a_file_is_206_unless_the_file_is_another_version() {
    let api = Api::start().await;
    let announced = uploaded(&api).await;
    let url = announced.download_url.as_deref().unwrap();
    let whole = api.exchange(get(url, &[])).await;
    let etag = whole.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    let size = BYTES.len();
    let [other, all, middle] = ["\"other\"", "*", "bytes=4-9"];
    for (headers, status, range) in [
        (vec![("range", middle)], 206, Some(4..10)),
        (vec![("range", "bytes=4-")], 206, Some(4..size)),
        (vec![("range", "bytes=-4")], 206, Some(size - 4..size)),
        (vec![("range", "bytes=4-999")], 206, Some(4..size)),
        (vec![("range", middle), ("if-match", &etag)], 206, Some(4..10)),
        (vec![("range", middle), ("if-match", all)], 206, Some(4..10)),
        (vec![("range", middle), ("if-range", &etag)], 206, Some(4..10)),
        (vec![("range", middle), ("if-range", other)], 200, Some(0..size)),
        (vec![("range", middle), ("if-match", other)], 412, None),
        (vec![("range", "bytes=999-")], 416, None),
        (vec![("range", "bytes=9-4")], 200, Some(0..size)),
        (vec![("range", "bytes=0-1,3-4")], 200, Some(0..size)),
        (vec![("range", "lines=0-1")], 200, Some(0..size)),
    ] {
        let response = api.exchange(get(url, &headers)).await;
        assert_eq!(response.status(), status, "{headers:?}");
        let Some(range) = range else { continue };
        assert_eq!(response.body(), &BYTES[range.clone()], "{headers:?}");
        assert_eq!(response.headers()["etag"], etag);
        let content_range = response.headers().get("content-range").map(|value| value.to_str().unwrap());
        let expected = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        assert_eq!(content_range, (status == 206).then_some(&*expected), "{headers:?}");
    }
    let changed: Vec<_> = BYTES.iter().rev().copied().collect();
    assert_eq!(api.exchange(put(&announced, changed)).await.status(), 200);
    let headers = [("range", middle), ("if-match", &*etag)];
    assert_eq!(api.exchange(get(url, &headers)).await.status(), 412);
}

#[tokio::test]
async fn a_file_that_was_at_a_url_has_made_up_bytes_of_its_size() {
    let api = Api::start().await;
    let said = api.sandbox.person(ADA).sends(Part::media_url("https://example.com/a.jpg")).unwrap();
    let part = api.get(&format!("/v3/messages/{}", said.message_id)).await.body["parts"][0].clone();
    let url = part["url"].as_str().unwrap();
    let whole = api.exchange(get(url, &[])).await;
    assert_eq!(whole.body().len() as u64, part["size_bytes"].as_u64().unwrap());
    let range = api.exchange(get(url, &[("range", "bytes=1000-1999")])).await;
    assert_eq!(range.body(), &whole.body()[1_000..2_000]);
    let attachment = api.get(&format!("/v3/attachments/{}", part["id"].as_str().unwrap())).await;
    assert_eq!(attachment.body["status"], "complete");
}

#[tokio::test]
async fn faults_strike_uploads_and_downloads() {
    let api = Api::start().await;
    let announced = announce(&api, photo()).await;
    api.sandbox.inject_fault("file: 503, ok, 500, ok x1".parse().unwrap()).unwrap();
    let statuses = [put(&announced, BYTES), put(&announced, BYTES)];
    for (request, status) in statuses.into_iter().zip([503, 200]) {
        assert_eq!(api.exchange(request).await.status(), status);
    }
    let url = announced.download_url.as_deref().unwrap();
    for status in [500, 200] {
        assert_eq!(api.exchange(get(url, &[])).await.status(), status);
    }
}

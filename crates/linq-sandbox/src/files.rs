//! The files that the vendor serves from other hosts: uploads to presigned URLs, downloads, and contact cards. Without
//! API key, error envelope and trace id.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::{
    clock::Moment,
    faults::FaultEffect,
    log::{self, RequestLog},
    model::{Attachment, Attachments, Space},
    page,
    shared::Shared,
};

const UPLOADS: &str = "/uploads/";
const MEDIA: &str = "/media/";
const CONTACT_CARDS: &str = "/contact_cards/";

/// A file to download, or a part of it.
struct Download {
    content_type: String,
    etag: Option<String>,
    bytes: Bytes,
    /// Which bytes of the file these are, and its size; `None` if they are all of it.
    range: Option<(Range<usize>, usize)>,
}

/// An error in the format of S3.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const NO_SUCH_KEY: Refusal = Refusal {
    status: StatusCode::NOT_FOUND,
    code: "NoSuchKey",
    message: "The specified key does not exist.",
};
const WRONG_SIGNATURE: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    code: "SignatureDoesNotMatch",
    message: "The request signature we calculated does not match the signature you provided. Check the headers and the size.",
};
const EXPIRED: Refusal =
    Refusal { status: StatusCode::FORBIDDEN, code: "AccessDenied", message: "Request has expired" };
const TWO_AUTHORIZATIONS: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    code: "InvalidArgument",
    message: "Only one auth mechanism allowed",
};
const INCOMPLETE: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    code: "IncompleteBody",
    message: "You did not provide the number of bytes specified by the Content-Length HTTP header.",
};
const TOO_SLOW: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    code: "RequestTimeout",
    message: "Your socket connection to the server was not read from or written to within the timeout period.",
};
const FULL: Refusal = Refusal {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "SlowDown",
    message: "The sandbox keeps no more files: delete some.",
};
const CHANGED: Refusal = Refusal {
    status: StatusCode::PRECONDITION_FAILED,
    code: "PreconditionFailed",
    message: "At least one of the pre-conditions you specified did not hold",
};
const NO_SUCH_RANGE: Refusal = Refusal {
    status: StatusCode::RANGE_NOT_SATISFIABLE,
    code: "InvalidRange",
    message: "The requested range is not satisfiable",
};
const FAULTY: Refusal = Refusal {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "InternalError",
    message: "We encountered an internal error. Please try again.",
};
const BUSY: Refusal = Refusal {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "SlowDown",
    message: "Please reduce your request rate.",
};
const WRONG_METHOD: Refusal = Refusal {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "MethodNotAllowed",
    message: "The specified method is not allowed against this resource.",
};

/// Returns `true` if this module serves the path.
pub(crate) fn serves(path: &str) -> bool {
    [UPLOADS, MEDIA, CONTACT_CARDS].iter().any(|prefix| path.starts_with(prefix))
}

/// Responds, unless a fault prevents it. What a fault does to the response is left to the caller.
pub(crate) async fn respond(
    shared: &Shared,
    request: Request<Incoming>,
    fault: Option<FaultEffect>,
) -> Response<Bytes> {
    let arrived = Instant::now();
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    let result = match (fault, path.strip_prefix(UPLOADS), &parts.method) {
        (Some(FaultEffect::ServerError), ..) => Err(FAULTY),
        (Some(FaultEffect::Unavailable | FaultEffect::Cut), ..) => Err(BUSY),
        (_, Some(file), &Method::PUT) => {
            upload(shared, id_of(file), query, &parts.headers, body).await.map(|()| None)
        }
        (_, None, &Method::GET) => download(shared, path, query, &parts.headers).map(Some),
        _ => Err(WRONG_METHOD),
    };
    let response = response(result, shared.config.assumptions.xml_upload_errors);
    let request = RequestLog {
        time: shared.clock.now().timestamp(),
        path: log::clipped(path),
        // It is a signature.
        query: None,
        status: response.status(),
        method: log::clipped_method(&parts.method),
        headers: log::without_secrets(parts.headers),
        operation: None,
        code: None,
        fault,
        trace_id: shared.update(|state, _| state.other_ids.trace_id()),
        duration: arrived.elapsed(),
    };
    shared.log_request(request, &[], &[]);
    response
}

fn id_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

async fn upload(
    shared: &Shared,
    id: &str,
    query: &str,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<(), Refusal> {
    let (size, space) = shared.read(|store| {
        let attachment = store.attachments.get(id).ok_or(NO_SUCH_KEY)?;
        check_signature(attachment, query, headers)?;
        if shared.clock.now() >= attachment.expires_at {
            return Err(EXPIRED);
        }
        let space = store.attachments.space(attachment.size_bytes).ok_or(FULL)?;
        Ok((usize::try_from(attachment.size_bytes).unwrap_or(usize::MAX), space))
    })?;
    let received = tokio::time::timeout(shared.config.request_timeout, receive(body, size, space));
    let (bytes, space) = received.await.map_err(|_| TOO_SLOW)??;
    shared.change(|store, _| store.attachments.keep_upload(id, bytes, space));
    Ok(())
}

/// Receives a file of exactly this size. It takes space as it arrives.
async fn receive(mut body: Incoming, size: usize, mut space: Space) -> Result<(Bytes, Space), Refusal> {
    let mut file = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| INCOMPLETE)?.into_data() else { continue };
        if data.len() > size - file.len() {
            return Err(INCOMPLETE);
        }
        file.extend_from_slice(&data);
        if !space.grow_to(file.len()) {
            return Err(FULL);
        }
    }
    if file.len() == size { Ok((file.freeze(), space)) } else { Err(INCOMPLETE) }
}

fn check_signature(attachment: &Attachment, query: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(TWO_AUTHORIZATIONS);
    }
    let given = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "X-Amz-Signature");
    let is_signed = given.is_some_and(|(_, signature)| signature == attachment.signature);
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let has_headers = header(header::CONTENT_TYPE) == Some(attachment.content_type.as_str())
        && header(header::CONTENT_LENGTH) == Some(attachment.size_bytes.to_string().as_str());
    if is_signed && has_headers { Ok(()) } else { Err(WRONG_SIGNATURE) }
}

fn download(shared: &Shared, path: &str, query: &str, headers: &HeaderMap) -> Result<Download, Refusal> {
    let now = shared.clock.now();
    shared.read(|store| {
        if let Some(file) = path.strip_prefix(MEDIA) {
            let id = id_of(file);
            check_url(&store.attachments, now, id, query, headers)?;
            return part_of(store.attachments.get(id).ok_or(NO_SUCH_KEY)?, headers);
        }
        let id = path.strip_prefix(CONTACT_CARDS).and_then(|file| file.strip_suffix(".vcf"));
        let line = store.lines.iter().find(|line| Some(line.id.as_str()) == id).ok_or(NO_SUCH_KEY)?;
        let (first_name, last_name) = match line.card() {
            Some(card) => (card.first_name.as_str(), card.last_name.as_deref().unwrap_or_default()),
            None => (line.phone_number.as_str(), ""),
        };
        let (first_name, last_name) = (escaped(first_name), escaped(last_name));
        let full_name = format!("{first_name} {last_name}");
        let vcard = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last_name};{first_name};;;\r\nFN:{}\r\nTEL:{}\r\nEND:VCARD\r\n",
            full_name.trim_end(),
            line.phone_number,
        );
        let content_type = "text/vcard".to_owned();
        Ok(Download { content_type, etag: None, bytes: vcard.into(), range: None })
    })
}

fn check_url(
    attachments: &Attachments,
    now: Moment,
    id: &str,
    query: &str,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(TWO_AUTHORIZATIONS);
    }
    let parameter = |name| form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
    let expires =
        parameter("Expires").map(|(_, value)| value.parse().map_err(|_| WRONG_SIGNATURE)).transpose()?;
    let signature = parameter("Signature").map(|(_, value)| value.into_owned());
    if signature != Some(attachments.url_signature(id, expires)) {
        return Err(WRONG_SIGNATURE);
    }
    if expires.is_some_and(|expires| now.unix_seconds() >= expires) { Err(EXPIRED) } else { Ok(()) }
}

/// Returns the bytes that were requested. The range of another version of the file is the whole file.
fn part_of(attachment: &Attachment, headers: &HeaderMap) -> Result<Download, Refusal> {
    let etag = attachment.etag().ok_or(NO_SUCH_KEY)?;
    let size = usize::try_from(attachment.size_bytes).map_err(|_| NO_SUCH_KEY)?;
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if header(header::IF_MATCH).is_some_and(|expected| expected != "*" && expected != etag) {
        return Err(CHANGED);
    }
    let is_same = header(header::IF_RANGE).is_none_or(|expected| expected == etag);
    let range = match header(header::RANGE).filter(|_| is_same).and_then(|text| requested(text, size)) {
        Some(range) if range.is_empty() => return Err(NO_SUCH_RANGE),
        range => range,
    };
    Ok(Download {
        content_type: attachment.content_type.to_string(),
        etag: Some(etag.to_owned()),
        bytes: attachment.bytes(range.clone().unwrap_or(0..size)).ok_or(NO_SUCH_KEY)?,
        range: range.map(|range| (range, size)),
    })
}

/// Parses the header of a request for one range; `None` if it is invalid or has several, which is then ignored. A range
/// without bytes is empty.
fn requested(text: &str, size: usize) -> Option<Range<usize>> {
    let (start, end) = text.strip_prefix("bytes=")?.split_once('-')?;
    match (start, end) {
        ("", last) => Some(size.saturating_sub(last.parse().ok()?)..size),
        (start, "") => Some(start.parse().ok()?..size),
        (start, end) => {
            let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
            (start <= end).then(|| start..end.saturating_add(1).min(size))
        }
    }
}

/// Escapes text for a vCard.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n")
}

fn response(result: Result<Option<Download>, Refusal>, in_xml: bool) -> Response<Bytes> {
    let mut headers = HeaderMap::new();
    let (status, content_type, bytes) = match result {
        Ok(None) => (StatusCode::OK, None, Bytes::new()),
        Ok(Some(Download { content_type, etag, bytes, range })) => {
            headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            if let Some(etag) = etag.and_then(|etag| etag.try_into().ok()) {
                headers.insert(header::ETAG, etag);
            }
            let range = range.map(|(range, size)| format!("bytes {}-{}/{size}", range.start, range.end - 1));
            let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
            if let Some(range) = range.and_then(|range| range.try_into().ok()) {
                headers.insert(header::CONTENT_RANGE, range);
            }
            (status, Some(content_type), bytes)
        }
        Err(Refusal { status, code, message }) if in_xml => {
            let xml = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            );
            (status, Some("application/xml".to_owned()), xml.into())
        }
        Err(Refusal { status, .. }) => (status, None, Bytes::new()),
    };
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    page::confine(response.headers_mut());
    if let Some(content_type) = content_type.and_then(|content_type| content_type.try_into().ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    if !status.is_success() {
        // The request body was not read.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

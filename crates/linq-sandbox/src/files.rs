//! The files that the vendor serves from other hosts: uploads to presigned URLs, downloads, and contact cards. Without
//! API key, error envelope and trace id.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::{
    log::{self, LogEntry, RequestLog},
    model::{Attachment, Space},
    shared::Shared,
};

const UPLOADS: &str = "/uploads/";
const MEDIA: &str = "/media/";
const CONTACT_CARDS: &str = "/contact_cards/";

/// A file to download.
struct Download {
    content_type: String,
    bytes: Bytes,
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
const WRONG_METHOD: Refusal = Refusal {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "MethodNotAllowed",
    message: "The specified method is not allowed against this resource.",
};

/// Returns `true` if this module serves the path.
pub(crate) fn serves(path: &str) -> bool {
    [UPLOADS, MEDIA, CONTACT_CARDS].iter().any(|prefix| path.starts_with(prefix))
}

pub(crate) async fn respond(shared: &Shared, request: Request<Incoming>) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let result = match (path.strip_prefix(UPLOADS), &parts.method) {
        (Some(file), &Method::PUT) => {
            let query = parts.uri.query().unwrap_or_default();
            upload(shared, id_of(file), query, &parts.headers, body).await.map(|()| None)
        }
        (None, &Method::GET) => download(shared, path).map(Some),
        _ => Err(WRONG_METHOD),
    };
    shared.log.push(LogEntry::Request(RequestLog {
        time: shared.clock.now().timestamp(),
        path: log::clipped(path),
        status: result.as_ref().map_or_else(|refusal| refusal.status, |_| StatusCode::OK),
        method: parts.method,
        operation: None,
        code: None,
        fault: None,
        trace_id: shared.change(|store, _| store.ids.trace_id()),
    }));
    response(result, shared.config.assumptions.xml_upload_errors)
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

fn download(shared: &Shared, path: &str) -> Result<Download, Refusal> {
    shared.read(|store| {
        if let Some(file) = path.strip_prefix(MEDIA) {
            let attachment = store.attachments.get(id_of(file)).ok_or(NO_SUCH_KEY)?;
            let bytes = attachment.bytes().ok_or(NO_SUCH_KEY)?.clone();
            return Ok(Download { content_type: attachment.content_type.to_string(), bytes });
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
        Ok(Download { content_type: "text/vcard".to_owned(), bytes: vcard.into() })
    })
}

/// Escapes text for a vCard.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n")
}

fn response(result: Result<Option<Download>, Refusal>, in_xml: bool) -> Response<Bytes> {
    let (status, content_type, bytes) = match result {
        Ok(None) => (StatusCode::OK, None, Bytes::new()),
        Ok(Some(Download { content_type, bytes })) => (StatusCode::OK, Some(content_type), bytes),
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
    if let Some(content_type) = content_type.and_then(|content_type| content_type.try_into().ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    if !status.is_success() {
        // The request body was not read.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

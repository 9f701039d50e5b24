use std::collections::BTreeMap;

use http::{Method, StatusCode};
use linq_types::{AttachmentId, attachments::ContentType};
use serde::Serialize;

use super::{Answer, Call};
use crate::{clock::Moment, error::ApiError, json, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, [id]) => retrieve(shared, id),
        (&Method::DELETE, [id]) => delete(shared, id),
        _ => return None,
    })
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Created<'a> {
        attachment_id: AttachmentId,
        upload_url: String,
        download_url: String,
        http_method: &'static str,
        required_headers: BTreeMap<&'a str, String>,
        expires_at: Moment,
    }

    let new = json::read(call.body)?;
    shared.change(|store, now| {
        let id = store.announce(now, new)?.id.clone();
        let attachment = store.attachment(id.as_str())?;
        let created = Created {
            upload_url: store.attachments.upload_url(attachment),
            download_url: store.attachments.download_url(attachment),
            http_method: "PUT",
            required_headers: [
                ("Content-Type", attachment.content_type.to_string()),
                ("Content-Length", attachment.size_bytes.to_string()),
            ]
            .into(),
            expires_at: attachment.expires_at,
            attachment_id: id,
        };
        Ok(Answer::json(StatusCode::OK, &created))
    })
}

fn retrieve(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        id: &'a AttachmentId,
        filename: &'a str,
        content_type: &'a ContentType,
        size_bytes: u64,
        status: &'static str,
        created_at: Moment,
        download_url: String,
    }

    shared.read(|store| {
        let attachment = store.attachment(id)?;
        let body = Body {
            id: &attachment.id,
            filename: &attachment.filename,
            content_type: &attachment.content_type,
            size_bytes: attachment.size_bytes,
            status: if attachment.bytes().is_some() { "complete" } else { "pending" },
            created_at: attachment.created_at,
            download_url: store.attachments.download_url(attachment),
        };
        Ok(Answer::json(StatusCode::OK, &body))
    })
}

fn delete(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, _| store.delete_attachment(id))?;
    Ok(Answer::no_content())
}

use std::collections::BTreeMap;

use http::StatusCode;
use linq_types::{AttachmentId, attachments::ContentType};
use serde::Serialize;

use crate::{
    call::Call,
    clock::Moment,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
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
            download_url: store.download_url(now, attachment),
            http_method: "PUT",
            required_headers: [
                ("Content-Type", attachment.content_type.to_string()),
                ("Content-Length", attachment.size_bytes.to_string()),
            ]
            .into(),
            expires_at: attachment.expires_at,
            attachment_id: id,
        };
        Ok(ApiResponse::json(StatusCode::OK, &created))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    let id = call.id();
    let now = shared.clock.now();
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
            status: if attachment.file.is_some() { "complete" } else { "pending" },
            created_at: attachment.created_at,
            download_url: store.download_url(now, attachment),
        };
        Ok(ApiResponse::json(StatusCode::OK, &body))
    })
}

pub(crate) fn delete(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, _| store.delete_attachment(call.id()))?;
    Ok(ApiResponse::no_content())
}

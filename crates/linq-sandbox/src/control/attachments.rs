use http::{StatusCode, header};
use linq_types::attachments::NewAttachment;
use serde_json::json;

use crate::{
    call::Call,
    error::ApiError,
    response::{Answer, ApiResponse},
    shared::Shared,
};

/// Uploads a file of any type, which a person can send.
pub(super) fn upload(shared: &Shared, call: &Call<'_>) -> Answer {
    let filename = call.parameter("filename").ok_or_else(|| ApiError::missing("filename"))?;
    let content_type = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/octet-stream");
    let new = NewAttachment::new(filename.as_ref(), content_type, call.body.len() as u64);
    shared.change(|store, now| {
        let id = store.upload(now, new, call.body)?.id.clone();
        let attachment = store.attachment(id.as_str())?;
        let url = store.download_url(now, attachment);
        Ok(ApiResponse::json(StatusCode::OK, &json!({ "attachment_id": attachment.id, "url": url })))
    })
}

//! How attachments look.

use linq::types::attachments::{Attachment, AttachmentCreateResponse};

use crate::{
    output::Style,
    table::{Cell, details},
};

#[expect(deprecated, reason = "the official command line shows the status")]
pub(super) fn attachment(attachment: &Attachment, style: &Style) -> String {
    let values = [
        ("id", Cell::new(&attachment.id)),
        ("filename", Cell::of(attachment.filename.as_ref())),
        ("type", Cell::of(attachment.content_type.as_ref())),
        ("size", Cell::of(attachment.size_bytes.map(|size| format!("{size} bytes")))),
        ("status", Cell::of(attachment.status.as_ref())),
        ("download", Cell::of(attachment.download_url.as_ref())),
        ("created", Cell::new(style.time(attachment.created_at.as_ref()))),
    ];
    details(&values, style)
}

pub(super) fn created(created: &AttachmentCreateResponse, style: &Style) -> String {
    let mut values = vec![
        ("id", Cell::new(&created.attachment_id)),
        ("upload", Cell::new(&created.upload_url)),
        ("download", Cell::of(created.download_url.as_ref())),
        ("method", Cell::of(created.http_method.as_ref())),
        ("expires", Cell::new(style.time(created.expires_at.as_ref()))),
    ];
    let headers = created.required_headers.iter();
    values.extend(headers.map(|(name, value)| ("header", Cell::new(format!("{name}: {value}")))));
    details(&values, style)
}

//! `/v3/attachments`

use http::Method;
use linq_types::{
    AttachmentId,
    attachments::{Attachment, AttachmentCreateResponse, NewAttachment},
};

use crate::{Call, request::RequestSpec};

mod upload;

pub use upload::{UploadFile, Upload};

json_body! {
    NewAttachment, check;
}

resource! {
    /// Attachments: files that are uploaded ahead of sending, up to 100 MB.
    Attachments
}

impl<'c, C> Attachments<'c, C> {
    /// Announces a file: the answer says where to upload it.
    ///
    /// `POST /v3/attachments`. [`upload`](Self::upload) does this and the rest.
    ///
    /// # Errors
    ///
    /// Worth matching: 5004 (a media type that is not allowed), 5005 (larger than 100 MB).
    #[doc(alias = "new")]
    pub fn create(self, attachment: NewAttachment) -> Call<'c, C, AttachmentCreateResponse> {
        Call::json(self.client, RequestSpec::new(Method::POST, "/v3/attachments", &[]).body(attachment))
    }

    /// Gets what is known of a file.
    ///
    /// `GET /v3/attachments/{attachmentId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2003 (no such attachment), 2007 (not uploaded or processed yet, after all attempts).
    #[doc(alias = "get")]
    pub fn retrieve(self, attachment: impl Into<AttachmentId>) -> Call<'c, C, Attachment> {
        let attachment = attachment.into();
        let route = "/v3/attachments/{attachmentId}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[attachment.as_str()]))
    }

    /// Deletes a file.
    ///
    /// `DELETE /v3/attachments/{attachmentId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2003 (no such attachment, or it is not yours). An id that is no UUID is refused with the
    /// status 400.
    pub fn delete(self, attachment: impl Into<AttachmentId>) -> Call<'c, C, ()> {
        let attachment = attachment.into();
        let route = "/v3/attachments/{attachmentId}";
        Call::empty(self.client, RequestSpec::new(Method::DELETE, route, &[attachment.as_str()]))
    }

    /// Uploads a file: announces it, then sends its bytes to the storage, with exactly the headers that the service
    /// asks for and never with the API key.
    ///
    /// `POST /v3/attachments`, then `PUT` to the address it gives. Size, name and media type are checked before
    /// anything is sent. A file on disk is read in pieces, and again for each attempt.
    ///
    /// # Errors
    ///
    /// [`Error::violation`](crate::Error::violation) when the file is empty, larger than 100 MB, has no name or one of
    /// more than 255 characters, or is of a kind that the service refuses (FLAC, Ogg, programs).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use linq_core::{resources::attachments::UploadFile, types::parts::Part};
    ///
    /// let photo = UploadFile::open("photo.jpg", "image/jpeg")?;
    /// let attachment = client.attachments().upload(photo).await?;
    /// client.chats().messages("a chat's id").send(Part::attachment(attachment.attachment_id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(self, file: UploadFile) -> Upload<'c, C> {
        Upload::new(self.client, file)
    }
}

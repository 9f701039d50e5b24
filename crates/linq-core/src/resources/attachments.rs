//! `/v3/attachments`

use linq_types::{
    AttachmentId, Operation,
    attachments::{Attachment, AttachmentCreateResponse, NewAttachment},
    parts::Part,
};

use crate::{Call, request::RequestSpec};

mod download;
mod upload;

pub use crate::error::DownloadError;
pub use download::{Download, DownloadTo, MediaSource};
pub use upload::{Upload, UploadFile};

json_body! {
    NewAttachment, check;
}

resource! {
    /// A handle on attachments: files of up to 100 MB that are uploaded before they are sent.
    Attachments
}

impl<'c, C> Attachments<'c, C> {
    /// Announces a file. The response says where to upload it.
    ///
    /// `POST /v3/attachments` ([reference](https://docs.linqapp.com/api/resources/attachments/methods/create)).
    /// [`upload`](Self::upload) does this and the rest.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MEDIA_TYPE_NOT_ALLOWED`] (5004): the media type is not allowed
    /// * [`ErrorCode::FILE_TOO_LARGE`] (5005): the file is larger than 100 MB
    #[doc(alias = "new")]
    pub fn create(&self, attachment: NewAttachment) -> Call<'c, C, AttachmentCreateResponse> {
        Call::json(self.client, RequestSpec::new(Operation::AttachmentsCreate, &[]).body(attachment))
    }

    /// Returns an attachment by its id.
    ///
    /// `GET /v3/attachments/{attachmentId}` ([reference](https://docs.linqapp.com/api/resources/attachments/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::ATTACHMENT_NOT_FOUND`] (2003): there is no such attachment
    /// * [`ErrorCode::ATTACHMENT_NOT_READY`] (2007): it is not uploaded or processed yet, after all attempts
    #[doc(alias = "get")]
    pub fn retrieve(&self, attachment: impl Into<AttachmentId>) -> Call<'c, C, Attachment> {
        let attachment = attachment.into();
        Call::json(self.client, RequestSpec::new(Operation::AttachmentsRetrieve, &[attachment.as_str()]))
    }

    /// Deletes an attachment.
    ///
    /// `DELETE /v3/attachments/{attachmentId}` ([reference](https://docs.linqapp.com/api/resources/attachments/methods/delete)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::ATTACHMENT_NOT_FOUND`] (2003): there is no such attachment, or it is not yours
    ///
    /// An id that is not a UUID is refused with the status 400.
    pub fn delete(&self, attachment: impl Into<AttachmentId>) -> Call<'c, C, ()> {
        let attachment = attachment.into();
        Call::empty(self.client, RequestSpec::new(Operation::AttachmentsDelete, &[attachment.as_str()]))
    }

    /// Uploads a file: announces it, then sends its bytes to the storage.
    ///
    /// `POST /v3/attachments`, then `PUT` to the URL in the response, with exactly the headers that the service requires and
    /// without the API key. Size, name and media type are validated before anything is sent. A file on disk is read in
    /// chunks, and again for each attempt.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is empty, larger than 100 MB, has no name or one of more than 255 characters, or has a
    /// media type that the service refuses, such as FLAC, Ogg and executables: see
    /// [`Error::violation`](crate::Error::violation). An error of the storage has no
    /// [`operation`](crate::Error::operation).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::{resources::attachments::UploadFile, types::parts::Part};
    ///
    /// let photo = UploadFile::open("photo.jpg", "image/jpeg")?;
    /// let attachment = client.attachments().upload(photo).await?;
    /// client.chats().messages("a chat's id").send(Part::attachment(attachment.attachment_id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(&self, file: UploadFile) -> Upload<'c, C> {
        Upload::new(self.client, file)
    }

    /// Uploads a file, waits until it can be sent, and returns the part of a message with it.
    ///
    /// Does what [`upload`](Self::upload) does, and waits for up to a minute;
    /// [`wait_until_ready`](Upload::wait_until_ready) sets another time. A file of up to 10 MB that has a
    /// [`public_url`](UploadFile::public_url) is not uploaded: the part has the URL, from which the service downloads it.
    ///
    /// # Errors
    ///
    /// Returns an error if [`upload`](Self::upload) does, or if the file is not ready in time
    /// ([`ErrorKind::AttachmentNotReady`]).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::{resources::attachments::UploadFile, types::parts::Part};
    ///
    /// let photo = client.attachments().upload_part(UploadFile::from_path("photo.jpg")?).await?;
    /// client.chats().messages("a chat's id").send(vec![Part::text("Look!"), photo]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload_part(&self, file: UploadFile) -> Upload<'c, C, Part> {
        Upload::part(self.client, file)
    }

    /// Downloads a file that was received or uploaded: by a media part of a message, by an [`Attachment`] or by its id.
    ///
    /// `GET` of the URL in the message or the attachment, in chunks and without the API key. A URL in a message is valid for
    /// one hour: if the storage refuses it, the API is asked for a fresh one (`GET /v3/attachments/{attachmentId}`,
    /// [reference](https://docs.linqapp.com/api/resources/attachments/methods/retrieve)), once, and the download goes on where
    /// it was. A chunk that fails is requested again like any call. If the file changes between two chunks, it is an error,
    /// not a mix of both. Redirects are followed within their scheme only.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::Download`] if the file is larger than
    /// [`max_bytes`](Download::max_bytes), has changed, or cannot be had for another [reason](DownloadError). Error codes to
    /// match:
    ///
    /// * [`ErrorCode::ATTACHMENT_NOT_FOUND`] (2003): the URL has expired, and there is no such attachment any more
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::events::MessageReceived;
    ///
    /// async fn keep(client: &linq::Client, message: &MessageReceived) -> Result<(), linq::Error> {
    ///     for media in message.media() {
    ///         let bytes = client.attachments().download(media).max_bytes(10_000_000).await?;
    ///         println!("{:?}: {} bytes", media.mime_type, bytes.len());
    ///     }
    ///     Ok(())
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, media: impl Into<MediaSource>) -> Download<'c, C> {
        Download::new(self.client, media.into())
    }
}

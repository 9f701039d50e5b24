use std::{
    fmt, fs,
    io::{self, Read},
    path::Path,
    time::Duration,
};

use bytes::Bytes;
use http::Method;
use linq_types::{
    AttachmentId,
    attachments::{Attachment, AttachmentCreateResponse, AttachmentStatus, ContentType, NewAttachment},
    error::ErrorCode,
};

use super::Attachments;
use crate::{
    Body, Call, CallFuture, Client, Error,
    request::{RequestSpec, Target},
};

/// How long one attempt to send the bytes may take: the address is valid for as long.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// How long to wait between two looks at a file that is not ready.
const PATIENCE: Duration = Duration::from_millis(500);

/// A file to upload: its name, its media type, and where its bytes come from.
#[derive(Clone)]
#[must_use = "a file is sent only when it is uploaded"]
pub struct UploadFile {
    filename: String,
    content_type: ContentType,
    body: Body,
}

impl UploadFile {
    /// A file in memory.
    pub fn new(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        let (filename, content_type) = (filename.into(), content_type.into());
        Self { filename, content_type, body: bytes.into().into() }
    }

    /// A file on disk, under its own name. It is read in pieces when it is sent.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn open(path: impl AsRef<Path>, content_type: impl Into<ContentType>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let length = fs::File::open(&path)?.metadata()?.len();
        let filename = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self::from_reader(filename, content_type, length, move || fs::File::open(&path)))
    }

    /// A file of this many bytes from anywhere. `open` is called for each attempt to send it.
    pub fn from_reader<R: Read + Send + 'static>(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        length: u64,
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
    ) -> Self {
        let body = Body::upload(length, move || Ok(Box::new(open()?)));
        Self { filename: filename.into(), content_type: content_type.into(), body }
    }

    /// Has `progress` called with the number of bytes sent so far, anew for each attempt.
    pub fn on_progress(mut self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.body = self.body.on_progress(progress);
        self
    }

    fn announce(&self) -> NewAttachment {
        NewAttachment::new(&*self.filename, self.content_type.clone(), self.body.content_length())
    }
}

/// Shows the media type and the length; the name is the person's.
impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile")
            .field("content_type", &self.content_type)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// An upload, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(feature = "blocking", doc = "On the [`blocking::Client`](crate::blocking::Client) finish it with `.call()`.")]
#[must_use = "an upload does nothing until it is made"]
pub struct Upload<'c, C> {
    client: &'c C,
    file: UploadFile,
    timeout: Duration,
    looks: u32,
}

impl<'c, C> Upload<'c, C> {
    pub(super) fn new(client: &'c C, file: UploadFile) -> Self {
        Self { client, file, timeout: TIMEOUT, looks: 0 }
    }

    /// Limits each attempt to send the bytes to this time: 15 minutes unless set, which is how long the address is
    /// valid.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Waits until the file can be sent, looking at it up to this many times, half a second apart.
    ///
    /// If it cannot be sent by then, the upload is a success all the same: sending it is tried again by itself while
    /// the service says that it is not ready. If the service could not process it, that is
    /// [`ErrorKind::FailedAttachment`](crate::ErrorKind::FailedAttachment).
    pub fn wait_until_ready(mut self, looks: u32) -> Self {
        self.looks = looks;
        self
    }

    fn announce(&self) -> Call<'c, C, AttachmentCreateResponse> {
        Attachments { client: self.client }.create(self.file.announce())
    }

    fn put(&self, announced: &AttachmentCreateResponse) -> Call<'c, C, ()> {
        let target = Target::Foreign {
            url: announced.upload_url.clone(),
            headers: announced.required_headers.clone(),
        };
        let spec = RequestSpec::to(Method::PUT, "(upload address)", target);
        Call::empty(self.client, spec.upload(self.file.body.clone())).timeout(self.timeout)
    }

    fn look(&self, attachment: &AttachmentId) -> Call<'c, C, Attachment> {
        Attachments { client: self.client }.retrieve(attachment).max_attempts(1)
    }
}

/// Whether the file can be sent. It is uploaded by now: an answer that is missing or in doubt must not lose it.
#[expect(deprecated, reason = "nothing else tells it without sending the file")]
fn is_ready(look: Result<Attachment, Error>) -> Result<bool, Error> {
    match look {
        Ok(attachment) => match attachment.status {
            Some(AttachmentStatus::Failed) => Err(Error::failed_attachment()),
            status => Ok(status != Some(AttachmentStatus::Pending)),
        },
        Err(error) if error.code() == Some(ErrorCode::ATTACHMENT_NOT_FOUND) => Err(error),
        Err(_) => Ok(false),
    }
}

impl<'c> IntoFuture for Upload<'c, Client> {
    type Output = Result<AttachmentCreateResponse, Error>;
    type IntoFuture = CallFuture<'c, AttachmentCreateResponse>;

    fn into_future(self) -> CallFuture<'c, AttachmentCreateResponse> {
        Box::pin(async move {
            let announced = self.announce().await?;
            self.put(&announced).await?;
            for look in 0..self.looks {
                if look > 0 {
                    self.client.backend.sleep(PATIENCE).await;
                }
                if is_ready(self.look(&announced.attachment_id).await)? {
                    break;
                }
            }
            Ok(announced)
        })
    }
}

#[cfg(feature = "blocking")]
impl Upload<'_, crate::blocking::Client> {
    /// Makes the upload.
    ///
    /// # Errors
    ///
    /// [`Error`] when the file is refused before or by the service, or could not be sent.
    pub fn call(self) -> Result<AttachmentCreateResponse, Error> {
        let announced = self.announce().call()?;
        self.put(&announced).call()?;
        for look in 0..self.looks {
            if look > 0 {
                self.client.backend.sleep(PATIENCE);
            }
            if is_ready(self.look(&announced.attachment_id).call())? {
                break;
            }
        }
        Ok(announced)
    }
}

impl<C> fmt::Debug for Upload<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("file", &self.file).finish_non_exhaustive()
    }
}

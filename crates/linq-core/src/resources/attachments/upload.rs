use std::{
    fmt, fs,
    future::pending,
    io::{self, Read},
    path::Path,
    time::Duration,
};

use bytes::Bytes;
use linq_types::{
    AttachmentId,
    attachments::{Attachment, AttachmentCreateResponse, AttachmentStatus, ContentType, NewAttachment},
    error::ErrorCode,
};

use super::Attachments;
#[cfg(feature = "blocking")]
use crate::blocking::{self, Deadline};
use crate::{
    BackendFuture, Body, Call, CallFuture, Client, Error, ErrorKind, client::race, exchange::Options,
    request::RequestSpec,
};

/// How long one attempt to send the bytes may take: the upload URL is valid for as long.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// How long to wait between two looks at a file that is not ready.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// A file to upload: its name, its media type, and the source of its bytes.
#[derive(Clone)]
#[must_use = "a file is sent only when it is uploaded"]
pub struct UploadFile {
    filename: String,
    content_type: ContentType,
    body: Body,
}

impl UploadFile {
    /// Creates a file from bytes in memory.
    pub fn new(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        let (filename, content_type) = (filename.into(), content_type.into());
        Self { filename, content_type, body: bytes.into().into() }
    }

    /// Opens a file on disk, under its own name. It is read in chunks when it is sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened.
    pub fn open(path: impl AsRef<Path>, content_type: impl Into<ContentType>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let length = fs::File::open(&path)?.metadata()?.len();
        let filename = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self::from_reader(filename, content_type, length, move || fs::File::open(&path)))
    }

    /// Creates a file of `length` bytes from any reader. `open` is called for each attempt to send it.
    pub fn from_reader<R: Read + Send + 'static>(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        length: u64,
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
    ) -> Self {
        let body = Body::upload(length, move || Ok(Box::new(open()?)));
        Self { filename: filename.into(), content_type: content_type.into(), body }
    }

    /// Calls `progress` with the number of bytes sent so far, starting over with each attempt.
    pub fn on_progress(mut self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.body = self.body.on_progress(progress);
        self
    }

    fn announcement(&self) -> NewAttachment {
        NewAttachment::new(&*self.filename, self.content_type.clone(), self.body.content_length())
    }
}

/// Shows the media type and the length; file names are private.
impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile")
            .field("content_type", &self.content_type)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// An upload, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// Attempts apply to each of its requests. Headers and query parameters go to the API alone: the storage gets exactly the
/// headers that the service requires.
#[must_use = "an upload does nothing until it is awaited or finished with `.call()`"]
pub struct Upload<'c, C> {
    client: &'c C,
    file: UploadFile,
    options: Options,
    timeout: Duration,
    deadline: Option<Duration>,
    ready_timeout: Option<Duration>,
}

impl<'c, C> Upload<'c, C> {
    pub(super) fn new(client: &'c C, file: UploadFile) -> Self {
        Self {
            client,
            file,
            options: Options::default(),
            timeout: DEFAULT_TIMEOUT,
            deadline: None,
            ready_timeout: None,
        }
    }

    /// Limits each attempt to send the bytes to this time: 15 minutes by default, which is how long the upload URL is valid.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits the whole upload to this time: all requests and the delays between them.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    request_options!();

    /// Uploads the file even if it breaks a known rule, and leaves the decision to the service.
    pub fn skip_validation(mut self) -> Self {
        self.options.skip_validation = true;
        self
    }

    /// Waits until the file can be sent, for up to `timeout` after its bytes are stored.
    ///
    /// Waiting is optional: a send with a file that is not ready is retried while the service says so.
    ///
    /// # Errors
    ///
    /// The upload returns an error if
    ///
    /// * the file is not ready in time ([`ErrorKind::AttachmentNotReady`](crate::ErrorKind::AttachmentNotReady)): it is
    ///   uploaded all the same, and [`Error::attachment_id`] tells its id;
    /// * the service could not process it ([`ErrorKind::FailedAttachment`](crate::ErrorKind::FailedAttachment)).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq_core::resources::attachments::UploadFile;
    ///
    /// let video = UploadFile::open("tour.mp4", "video/mp4")?;
    /// let id = match client.attachments().upload(video).wait_until_ready(Duration::from_secs(30)).await {
    ///     Ok(created) => created.attachment_id,
    ///     Err(error) => error.attachment_id().cloned().ok_or(error)?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until_ready(mut self, timeout: Duration) -> Self {
        self.ready_timeout = Some(timeout);
        self
    }

    fn create(&self) -> Call<'c, C, AttachmentCreateResponse> {
        let call = Attachments { client: self.client }.create(self.file.announcement());
        Call { options: self.options.clone(), ..call }
    }

    fn put(&self, created: &AttachmentCreateResponse) -> Call<'c, C, ()> {
        let (url, headers) = (created.upload_url.clone(), created.required_headers.clone());
        let spec = RequestSpec::upload(url, headers, self.file.body.clone());
        let options =
            Options { attempts: self.options.attempts, timeout: Some(self.timeout), ..Options::default() };
        Call { options, ..Call::empty(self.client, spec) }
    }

    /// One look at the file. Looks are repeated, so attempts are not.
    fn retrieve(&self, attachment: &AttachmentId) -> Call<'c, C, Attachment> {
        let call = Attachments { client: self.client }.retrieve(attachment);
        Call { options: self.options.clone(), ..call }.max_attempts(1)
    }
}

/// What follows from one look at an uploaded file. It has no clock and no I/O: both clients are loops around it.
enum Readiness {
    Ready,
    /// Wait, then look again.
    Pending(Duration),
}

impl Readiness {
    /// The file is uploaded by now, so a response that is missing or in doubt must not lose it.
    #[expect(deprecated, reason = "nothing else tells it without sending the file")]
    fn of(attachment: &AttachmentId, look: Result<Attachment, Error>) -> Result<Self, Error> {
        match look {
            Ok(Attachment { status: Some(AttachmentStatus::Failed), .. }) => {
                Err(Error::failed_attachment(attachment.clone()))
            }
            Ok(Attachment { status: Some(AttachmentStatus::Pending), .. }) => Ok(Self::Pending(POLL_INTERVAL)),
            Ok(_) => Ok(Self::Ready),
            Err(error) if error.code() == Some(ErrorCode::ATTACHMENT_NOT_FOUND) => Err(error),
            Err(_) => Ok(Self::Pending(POLL_INTERVAL)),
        }
    }
}

impl Upload<'_, Client> {
    async fn store(&self) -> Result<AttachmentCreateResponse, Error> {
        let created = self.create().await?;
        self.put(&created).await?;
        Ok(created)
    }

    async fn wait(&self, attachment: &AttachmentId) -> Result<(), Error> {
        while let Readiness::Pending(delay) = Readiness::of(attachment, self.retrieve(attachment).await)? {
            self.client.backend.sleep(delay).await;
        }
        Ok(())
    }
}

impl<'c> IntoFuture for Upload<'c, Client> {
    type Output = Result<AttachmentCreateResponse, Error>;
    type IntoFuture = CallFuture<'c, AttachmentCreateResponse>;

    fn into_future(self) -> CallFuture<'c, AttachmentCreateResponse> {
        Box::pin(async move {
            let mut deadline: BackendFuture<()> = match self.deadline {
                Some(deadline) => self.client.backend.sleep(deadline),
                None => Box::pin(pending()),
            };
            let stored = race(self.store(), &mut deadline).await;
            let created = stored.unwrap_or_else(|| Err(Error::past_deadline(ErrorKind::Timeout, None)))?;
            if let Some(timeout) = self.ready_timeout {
                let attachment = &created.attachment_id;
                let limit = async {
                    race(self.client.backend.sleep(timeout), &mut deadline).await;
                };
                let waited = race(self.wait(attachment), limit).await;
                waited.unwrap_or_else(|| Err(Error::attachment_not_ready(attachment.clone())))?;
            }
            Ok(created)
        })
    }
}

#[cfg(feature = "blocking")]
impl Upload<'_, blocking::Client> {
    /// Makes the upload, on the blocking client.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is invalid or refused, could not be sent, or, after
    /// [`wait_until_ready`](Self::wait_until_ready), was not ready in time.
    pub fn call(self) -> Result<AttachmentCreateResponse, Error> {
        let deadline = Deadline::after(self.deadline);
        let created = within(deadline, self.create()).call()?;
        within(deadline, self.put(&created)).call()?;
        if let Some(timeout) = self.ready_timeout {
            let limit = Deadline::after(Some(timeout.min(deadline.left())));
            self.wait(&created.attachment_id, limit)?;
        }
        Ok(created)
    }

    fn wait(&self, attachment: &AttachmentId, limit: Deadline) -> Result<(), Error> {
        let look = || within(limit, self.retrieve(attachment)).call();
        while let Readiness::Pending(delay) = Readiness::of(attachment, look())? {
            if delay >= limit.left() {
                return Err(Error::attachment_not_ready(attachment.clone()));
            }
            self.client.backend.sleep(delay);
        }
        Ok(())
    }
}

#[cfg(feature = "blocking")]
fn within<T>(deadline: Deadline, call: Call<'_, blocking::Client, T>) -> Call<'_, blocking::Client, T> {
    match deadline.left() {
        Duration::MAX => call,
        left => call.deadline(left),
    }
}

impl<C> fmt::Debug for Upload<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("file", &self.file).finish_non_exhaustive()
    }
}

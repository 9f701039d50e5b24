use std::{
    ffi::OsStr,
    fmt, fs,
    io::{self, Read},
    path::Path,
    time::Duration,
};

use bytes::Bytes;
use linq_types::{
    AttachmentId,
    attachments::{Attachment, AttachmentCreateResponse, AttachmentStatus, ContentType, NewAttachment},
    check::Check as _,
    error::ErrorCode,
    parts::Part,
};

use super::Attachments;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    Body, Call, CallFuture, Client, Error,
    deadline::{Deadline, Limit},
    exchange::Options,
    request::RequestSpec,
};

/// How long one attempt to send the bytes may take: the upload URL is valid for as long.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// How long to wait between two looks at a file that is not ready.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// How long the upload of a part waits until the file is ready.
const PART_READY_TIMEOUT: Duration = Duration::from_secs(60);
/// The largest file that the service downloads from a URL: 10 MB, whichever way they are counted.
const MAX_URL_BYTES: u64 = 10_000_000;

/// A file to upload: its name, its media type, and the source of its bytes.
#[derive(Clone)]
#[must_use = "a file is sent only when it is uploaded"]
pub struct UploadFile {
    filename: String,
    content_type: ContentType,
    body: Body,
    public_url: Option<String>,
}

impl UploadFile {
    /// Creates a file from bytes in memory.
    pub fn new(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        Self::from_body(filename.into(), content_type.into(), bytes.into().into())
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

    /// Opens a file on disk, with the media type of its [extension](ContentType::from_extension).
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened, or no media type is documented for its extension.
    pub fn from_path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let extension = path.extension().and_then(OsStr::to_str);
        let content_type = extension.and_then(ContentType::from_extension).ok_or_else(|| {
            let reason = "unknown file extension; call `UploadFile::open` with a media type";
            io::Error::new(io::ErrorKind::InvalidInput, reason)
        })?;
        Self::open(path, content_type)
    }

    /// Creates a file of `length` bytes from any reader. `open` is called for each attempt to send it.
    pub fn from_reader<R: Read + Send + 'static>(
        filename: impl Into<String>,
        content_type: impl Into<ContentType>,
        length: u64,
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
    ) -> Self {
        let body = Body::upload(length, move || Ok(Box::new(open()?)));
        Self::from_body(filename.into(), content_type.into(), body)
    }

    fn from_body(filename: String, content_type: ContentType, body: Body) -> Self {
        Self { filename, content_type, body, public_url: None }
    }

    /// Sets the `https` URL at which anybody can download this file, so that
    /// [`upload_part`](Attachments::upload_part) need not upload it if it has up to 10 MB.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Calls `progress` with the number of bytes sent so far, starting over with each attempt.
    pub fn on_progress(mut self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.body = self.body.on_progress(progress);
        self
    }

    fn announcement(&self) -> NewAttachment {
        NewAttachment::new(&*self.filename, self.content_type.clone(), self.body.content_length())
    }

    /// The part with the URL of the file, if it can be sent by that. A file that breaks a rule is left to the upload, which
    /// says so.
    fn url_part(&self) -> Option<Part> {
        let url = self.public_url.as_ref().filter(|url| url.starts_with("https://"))?;
        let fits = self.body.content_length() <= MAX_URL_BYTES && self.announcement().check().is_ok();
        fits.then(|| Part::media_url(url))
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
pub struct Upload<'c, C, T = AttachmentCreateResponse> {
    client: &'c C,
    file: UploadFile,
    options: Options,
    timeout: Duration,
    deadline: Option<Duration>,
    ready_timeout: Option<Duration>,
    /// What the upload returns.
    output: fn(AttachmentCreateResponse) -> T,
    /// What it returns if nothing is to be uploaded.
    without_upload: Option<T>,
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
            output: |created| created,
            without_upload: None,
        }
    }
}

impl<'c, C> Upload<'c, C, Part> {
    pub(super) fn part(client: &'c C, file: UploadFile) -> Self {
        Self {
            client,
            options: Options::default(),
            timeout: DEFAULT_TIMEOUT,
            deadline: None,
            ready_timeout: Some(PART_READY_TIMEOUT),
            output: |created| Part::attachment(created.attachment_id),
            without_upload: file.url_part(),
            file,
        }
    }
}

impl<'c, C, T> Upload<'c, C, T> {

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
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq::resources::attachments::UploadFile;
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
        let Options { attempts, max_retry_after, .. } = self.options;
        let timeout = Some(self.timeout);
        let options = Options { attempts, max_retry_after, timeout, ..Options::default() };
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
    /// The file is uploaded by now, so a response that is missing or in doubt must not lose it. A wait that does not fit
    /// into what is `left` is an error at once.
    #[expect(deprecated, reason = "nothing else tells it without sending the file")]
    fn of(
        attachment: &AttachmentId,
        look: Result<Attachment, Error>,
        left: Option<Duration>,
    ) -> Result<Self, Error> {
        let delay = match look {
            Ok(Attachment { status: Some(AttachmentStatus::Failed), .. }) => {
                return Err(Error::failed_attachment(attachment.clone()));
            }
            Ok(Attachment { status: Some(AttachmentStatus::Pending), .. }) => POLL_INTERVAL,
            Ok(_) => return Ok(Self::Ready),
            Err(error) if error.code() == Some(ErrorCode::ATTACHMENT_NOT_FOUND) => return Err(error),
            Err(error) => error.retry_after().unwrap_or(POLL_INTERVAL),
        };
        match left {
            Some(left) if delay >= left => Err(Error::attachment_not_ready(attachment.clone())),
            _ => Ok(Self::Pending(delay)),
        }
    }
}

impl<T> Upload<'_, Client, T> {
    async fn store(&self, mut deadline: Option<&mut Deadline>) -> Result<AttachmentCreateResponse, Error> {
        let created = self.create().within(deadline.as_deref_mut()).await?.value;
        self.put(&created).within(deadline).await?;
        Ok(created)
    }

    async fn wait(&self, attachment: &AttachmentId, limit: Limit) -> Result<(), Error> {
        let backend = &*self.client.backend;
        loop {
            let look = self.retrieve(attachment).await;
            match Readiness::of(attachment, look, limit.left(backend))? {
                Readiness::Ready => return Ok(()),
                Readiness::Pending(delay) => backend.sleep(delay).await,
            }
        }
    }
}

impl<'c, T: Send + Sync + 'c> IntoFuture for Upload<'c, Client, T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<'c, T>;

    fn into_future(self) -> CallFuture<'c, T> {
        Box::pin(async move {
            if let Some(value) = self.without_upload {
                return Ok(value);
            }
            let backend = &*self.client.backend;
            let mut deadline = Deadline::after(self.deadline, backend);
            let shared = self.deadline.is_some().then_some(&mut deadline);
            let created = self.store(shared).await?;
            if let Some(timeout) = self.ready_timeout {
                let attachment = &created.attachment_id;
                let left = deadline.limit().left(backend).unwrap_or(Duration::MAX);
                let mut ready = Deadline::after(Some(timeout.min(left)), backend);
                let limit = ready.limit();
                let waited = deadline.race(ready.race(self.wait(attachment, limit))).await.flatten();
                waited.unwrap_or_else(|| Err(Error::attachment_not_ready(attachment.clone())))?;
            }
            Ok((self.output)(created))
        })
    }
}

#[cfg(feature = "blocking")]
impl<T> Upload<'_, blocking::Client, T> {
    /// On the blocking client, makes the upload.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is invalid or refused, could not be sent, or, after
    /// [`wait_until_ready`](Self::wait_until_ready), was not ready in time.
    pub fn call(self) -> Result<T, Error> {
        if let Some(value) = self.without_upload {
            return Ok(value);
        }
        let deadline = self.deadline.map(|deadline| blocking::Deadline::after(Some(deadline)));
        let created = self.create().within(deadline)?.value;
        self.put(&created).within(deadline)?;
        if let Some(timeout) = self.ready_timeout {
            let left = deadline.and_then(blocking::Deadline::left).unwrap_or(Duration::MAX);
            self.wait(&created.attachment_id, blocking::Deadline::after(Some(timeout.min(left))))?;
        }
        Ok((self.output)(created))
    }

    fn wait(&self, attachment: &AttachmentId, limit: blocking::Deadline) -> Result<(), Error> {
        loop {
            let look = self.retrieve(attachment).within(Some(limit)).map(|look| look.value);
            match Readiness::of(attachment, look, limit.left())? {
                Readiness::Ready => return Ok(()),
                Readiness::Pending(delay) => self.client.backend.sleep(delay),
            }
        }
    }
}

impl<C, T> fmt::Debug for Upload<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("file", &self.file).finish_non_exhaustive()
    }
}

use std::{
    fmt,
    fs::File,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use bytes::Bytes;
use linq_types::{AttachmentId, attachments::Attachment};

use self::transfer::{Next, Transfer};
use super::Attachments;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    Call, CallFuture, Client, Error, WithMeta, deadline::Deadline, error::DownloadError, exchange::Options,
    request::RequestSpec,
};

mod source;
mod transfer;

pub use source::MediaSource;

/// A download, ready to be made: `.await` it on the [`Client`] to get the bytes of the file.
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// [`write_to`](Self::write_to) and [`append_to_file`](Self::append_to_file) write the file instead of holding it in memory.
///
/// Attempts apply to each of its requests. Headers and query parameters go to the API alone, when it is asked for a fresh
/// URL: the storage gets neither them nor the API key.
#[must_use = "a download does nothing until it is awaited or finished with `.call()`"]
pub struct Download<'c, C> {
    client: &'c C,
    transfer: Transfer,
    options: Options,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    progress: Option<Box<dyn Fn(u64, u64) + Send + Sync + 'c>>,
}

impl<'c, C> Download<'c, C> {
    pub(super) fn new(client: &'c C, source: MediaSource) -> Self {
        Self {
            client,
            transfer: Transfer::new(source),
            options: Options::default(),
            timeout: None,
            deadline: None,
            progress: None,
        }
    }

    /// Rejects files of more than this many bytes: 104,857,600 (100 MiB) by default, which is the largest that the service
    /// takes. Nothing of a larger file is written.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.transfer.max_bytes = bytes;
        self
    }

    /// Requests the file in chunks of this many bytes: 4 MiB by default. One chunk at a time is in memory.
    ///
    /// It must not be more than the backend's limit for responses.
    pub fn chunk_bytes(mut self, bytes: u64) -> Self {
        self.transfer.chunk_bytes = bytes;
        self
    }

    /// Skips the first `offset` bytes, which an earlier download has already written. Of a file that is complete, nothing
    /// is left.
    pub fn resume_from(mut self, offset: u64) -> Self {
        self.transfer.resume_from(offset);
        self
    }

    /// Calls `progress` after each chunk with the number of bytes that are there, including those that were skipped, and
    /// the size of the file.
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'c) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Limits each attempt to get a chunk to this time, in place of the client's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits the whole download to this time: all requests and the delays between them.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    request_options!();

    /// Writes the file to `writer`, chunk by chunk, and returns its size. Options come before this.
    ///
    /// The asynchronous client writes between two requests, and a writer that blocks, such as a file, blocks its thread
    /// meanwhile. After an error, the writer has everything up to the last chunk that arrived:
    /// [`resume_from`](Self::resume_from) goes on there.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, id: linq_core::types::AttachmentId) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut file = std::fs::File::create("tour.mp4")?;
    /// let size = client.attachments().download(&id).write_to(&mut file).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn write_to<W: Write>(self, writer: W) -> DownloadTo<'c, C, W> {
        DownloadTo { download: self, writer: Ok(writer) }
    }

    /// Appends to the file at `path` what it lacks, creates it if it does not exist, and returns its size. Options come
    /// before this.
    ///
    /// So the same call starts a download and resumes one that was stopped. The name must be one that no other download
    /// uses, such as one with the attachment id; a name chosen by the sender of the file must not be used as a path.
    pub fn append_to_file(mut self, path: impl AsRef<Path>) -> DownloadTo<'c, C, File> {
        let open = || {
            let file = File::options().append(true).create(true).open(path)?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        let writer = open().map(|(file, length): (File, u64)| {
            self.transfer.resume_from(length);
            file
        });
        DownloadTo { download: self, writer }
    }

    fn retrieve(&self, attachment: AttachmentId) -> Call<'c, C, Attachment> {
        let call = Attachments { client: self.client }.retrieve(attachment);
        Call { options: self.options.clone(), ..call }
    }

    fn get(&self, spec: RequestSpec) -> Call<'c, C, Bytes> {
        let Options { attempts, max_retry_after, .. } = self.options;
        let options = Options { attempts, max_retry_after, timeout: self.timeout, ..Options::default() };
        Call { options, ..Call::new(self.client, spec, |body| Ok(body.clone())) }
    }

    fn on_response(
        &mut self,
        response: Result<WithMeta<Bytes>, Error>,
        writer: &mut impl Write,
    ) -> Result<(), Error> {
        let bytes = self.transfer.on_response(response)?;
        writer.write_all(&bytes).map_err(write_error)?;
        if let Some(progress) = self.progress.as_ref().filter(|_| !bytes.is_empty()) {
            progress(self.transfer.offset(), self.transfer.total());
        }
        Ok(())
    }

    fn finish(&self, writer: &mut impl Write) -> Result<u64, Error> {
        writer.flush().map_err(write_error)?;
        Ok(self.transfer.offset())
    }
}

fn write_error(error: io::Error) -> Error {
    Error::download(DownloadError::Write(error))
}

impl Download<'_, Client> {
    async fn run(mut self, mut writer: impl Write) -> Result<u64, Error> {
        let mut deadline = Deadline::after(self.deadline, &*self.client.backend);
        let mut shared = self.deadline.is_some().then_some(&mut deadline);
        loop {
            match self.transfer.next()? {
                Next::Url(attachment) => {
                    let attachment = self.retrieve(attachment).within(shared.as_deref_mut()).await?;
                    self.transfer.on_attachment(attachment.value)?;
                }
                Next::Bytes(spec) => {
                    let response = self.get(spec).within(shared.as_deref_mut()).await;
                    self.on_response(response, &mut writer)?;
                }
                Next::Done => return self.finish(&mut writer),
            }
        }
    }
}

impl<'c> IntoFuture for Download<'c, Client> {
    type Output = Result<Bytes, Error>;
    type IntoFuture = CallFuture<'c, Bytes>;

    fn into_future(self) -> CallFuture<'c, Bytes> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            self.run(&mut bytes).await?;
            Ok(bytes.into())
        })
    }
}

#[cfg(feature = "blocking")]
impl Download<'_, blocking::Client> {
    /// On the blocking client, makes the download.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is too large, has changed meanwhile, or could not be downloaded.
    pub fn call(self) -> Result<Bytes, Error> {
        let mut bytes = Vec::new();
        self.run(&mut bytes)?;
        Ok(bytes.into())
    }

    fn run(mut self, mut writer: impl Write) -> Result<u64, Error> {
        let deadline = self.deadline.map(|deadline| blocking::Deadline::after(Some(deadline)));
        loop {
            match self.transfer.next()? {
                Next::Url(attachment) => {
                    let attachment = self.retrieve(attachment).within(deadline)?;
                    self.transfer.on_attachment(attachment.value)?;
                }
                Next::Bytes(spec) => {
                    let response = self.get(spec).within(deadline);
                    self.on_response(response, &mut writer)?;
                }
                Next::Done => return self.finish(&mut writer),
            }
        }
    }
}

impl<C> fmt::Debug for Download<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("transfer", &self.transfer).finish_non_exhaustive()
    }
}

/// A [`Download`] to a writer or a file, ready to be made: it returns the size of the file in bytes.
#[must_use = "a download does nothing until it is awaited or finished with `.call()`"]
pub struct DownloadTo<'c, C, W> {
    download: Download<'c, C>,
    /// The error of a file that could not be opened is that of the download.
    writer: io::Result<W>,
}

impl<'c, W: Write + Send + 'c> IntoFuture for DownloadTo<'c, Client, W> {
    type Output = Result<u64, Error>;
    type IntoFuture = CallFuture<'c, u64>;

    fn into_future(self) -> CallFuture<'c, u64> {
        Box::pin(async move { self.download.run(self.writer.map_err(write_error)?).await })
    }
}

#[cfg(feature = "blocking")]
impl<W: Write> DownloadTo<'_, blocking::Client, W> {
    /// On the blocking client, makes the download.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is too large, has changed meanwhile, or could not be downloaded or written.
    pub fn call(self) -> Result<u64, Error> {
        self.download.run(self.writer.map_err(write_error)?)
    }
}

impl<C, W> fmt::Debug for DownloadTo<'_, C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadTo").field("download", &self.download).finish_non_exhaustive()
    }
}

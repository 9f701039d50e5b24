use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use linq::{
    resources::attachments::UploadFile,
    types::attachments::{AttachmentCreateResponse, ContentType, NewAttachment},
};

use super::show::created;
use crate::{
    api_options::ApiOptions, duration::parse_duration, exit_code, failure::Failure, output::Style,
    progress::bytes_bar,
};

/// Upload a file. Without one, only request a URL to upload it to.
///
/// Prints the id of the attachment. Without a file, --filename, --content-type and --size describe it, and the response has
/// the URL and the headers of the upload.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq attachments upload photo.jpg\n  linq attachments upload notes --content-type text/plain --wait\n  linq attachments upload --filename photo.jpg --content-type image/jpeg --size 1024000\n"
)]
pub(super) struct Arguments {
    /// The file.
    file: Option<PathBuf>,
    /// The name that the recipient sees. By default that of the file.
    #[arg(long, value_name = "NAME", required_unless_present = "file")]
    filename: Option<String>,
    /// The media type, such as image/jpeg. By default that of the file's extension.
    #[arg(long, value_name = "TYPE", required_unless_present = "file")]
    content_type: Option<ContentType>,
    /// The size of the file in bytes, if no file is given.
    #[arg(long, value_name = "BYTES", required_unless_present = "file", conflicts_with = "file")]
    size: Option<u64>,
    /// Wait until the file can be sent, for as long as this at most; 1m without a value.
    #[arg(
        long,
        value_name = "DURATION",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "1m",
        value_parser = parse_duration,
        requires = "file"
    )]
    wait: Option<Duration>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        match &self.file {
            Some(file) => self.upload(file).await,
            None => self.request().await,
        }
    }

    async fn request(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let (Some(filename), Some(content_type), Some(size)) =
            (&self.filename, &self.content_type, self.size)
        else {
            return Err(Failure::new("missing file").with_exit_code(exit_code::USAGE));
        };
        let attachment = NewAttachment::new(filename, content_type, size);
        self.options.output.show_call(client.attachments().create(attachment), created).await
    }

    async fn upload(&self, file: &Path) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let (upload, size) = self.open(file)?;
        let bar = bytes_bar(size, self.options.output);
        let progress = bar.clone();
        let mut upload =
            client.attachments().upload(upload.on_progress(move |sent| progress.set_position(sent)));
        if let Some(timeout) = self.wait {
            upload = upload.wait_until_ready(timeout);
        }
        let uploaded = upload.await;
        bar.finish_and_clear();
        let text = |uploaded: &AttachmentCreateResponse, style: &Style| {
            format!("{}\n", style.done(&format!("Attachment {} uploaded", uploaded.attachment_id)))
        };
        self.options.output.show(&uploaded?, text)
    }

    /// Opens the file, which is read in pieces, and again for each attempt.
    fn open(&self, file: &Path) -> Result<(UploadFile, u64), Failure> {
        let usage = |reason: String| Failure::new(reason).with_exit_code(exit_code::USAGE);
        let unreadable = |error: io::Error| usage(format!("cannot read {}: {error}", file.display()));
        let metadata = fs::metadata(file).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(usage(format!("cannot upload {}: not a file", file.display())));
        }
        fs::File::open(file).map_err(unreadable)?;
        let name = || file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let filename = self.filename.clone().unwrap_or_else(name);
        let extension = Path::new(&filename).extension().and_then(|extension| extension.to_str());
        let content_type = self.content_type.clone();
        let content_type = content_type.or_else(|| extension.and_then(ContentType::from_extension));
        let content_type = content_type.ok_or_else(|| {
            usage(format!("unknown type of {}: pass --content-type, such as image/jpeg", file.display()))
        })?;
        let path = file.to_owned();
        let open = move || fs::File::open(&path);
        Ok((UploadFile::from_reader(filename, content_type, metadata.len(), open), metadata.len()))
    }
}

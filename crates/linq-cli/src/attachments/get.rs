use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Args;
use linq::{
    Client,
    types::{AttachmentId, attachments::Attachment, json},
};
use tempfile::{Builder, NamedTempFile};

use super::show;
use crate::{
    api_options::ApiOptions,
    exit_code,
    failure::Failure,
    output::{Style, print_body},
    progress::bytes_bar,
    shutdown::ShutdownSignal,
    terminal::print,
};

/// Show an attachment, or download its file.
///
/// The file has its name once it is complete. The name that the sender gave it is not used.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq attachments get abc12345-1234-5678-9abc-def012345678\n  linq attachments get abc12345-1234-5678-9abc-def012345678 --out photo.jpg\n"
)]
pub(super) struct Arguments {
    /// The id of the attachment.
    #[arg(value_name = "ATTACHMENT_ID")]
    attachment: AttachmentId,
    /// Download the file and write it here. An existing file is not overwritten.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Overwrite an existing file.
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let Some(out) = &self.out else {
            let call = client.attachments().retrieve(&self.attachment);
            return self.options.output.show_call(call, show::attachment).await;
        };
        let partial = self.partial_file(out)?;
        let signal = ShutdownSignal::listen()?;
        let body = client.attachments().retrieve(&self.attachment).raw().await?;
        tokio::select! {
            downloaded = self.download(&client, &body, partial, out) => downloaded?,
            () = signal.received() => return Err(Failure::new("interrupted; nothing was written")),
        }
        match self.options.output.json {
            true => print_body(&body),
            false => {
                print(&format!("{}\n", Style::of_stdout().done(&format!("Downloaded to {}", out.display()))))
            }
        }
    }

    async fn download(
        &self,
        client: &Client,
        body: &[u8],
        mut partial: NamedTempFile,
        out: &Path,
    ) -> Result<(), Failure> {
        let attachment: Attachment = json::from_slice(body)
            .map_err(|error| Failure::new(format!("invalid response: {error}")).with_kind("Decode"))?;
        let bar = bytes_bar(attachment.size_bytes.unwrap_or_default(), self.options.output);
        let progress = |written, total| {
            bar.set_length(total);
            bar.set_position(written);
        };
        let download = client.attachments().download(&attachment).on_progress(progress);
        let downloaded = download.write_to(&mut partial).await;
        bar.finish_and_clear();
        downloaded?;
        let kept = match self.force {
            true => partial.persist(out),
            false => partial.persist_noclobber(out),
        };
        kept.map_err(|error| unwritable(out, &error.error))?;
        Ok(())
    }

    /// Creates the file that becomes the downloaded one. It is removed unless the download succeeds.
    fn partial_file(&self, out: &Path) -> Result<NamedTempFile, Failure> {
        if out.is_dir() {
            let message = format!("cannot write {}: it is a folder; name the file", out.display());
            return Err(Failure::new(message).with_exit_code(exit_code::USAGE));
        }
        if !self.force && out.symlink_metadata().is_ok() {
            return Err(unwritable(out, &io::ErrorKind::AlreadyExists.into()));
        }
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".linq-").suffix(".partial");
        #[cfg(unix)]
        {
            use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

            // As other new files, less what the umask forbids.
            builder.permissions(Permissions::from_mode(0o666));
        }
        builder.tempfile_in(folder).map_err(|error| unwritable(out, &error))
    }
}

fn unwritable(out: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("cannot write {}: {error}", out.display()));
    let failure = failure.with_kind("Output").with_exit_code(exit_code::USAGE);
    match error.kind() {
        io::ErrorKind::AlreadyExists => failure.with_note("--force overwrites it"),
        _ => failure.with_exit_code(exit_code::FAILURE),
    }
}

use std::{ffi::OsStr, path::PathBuf};

use linq::{
    Client,
    resources::attachments::UploadFile,
    types::{
        attachments::{ContentType, NewAttachment},
        check::Check as _,
        parts::Part,
    },
};

use super::invalid;
use crate::{failure::Failure, output::Output, progress::bytes_bar};

/// A file that can be uploaded.
pub(super) struct File {
    name: String,
    size: u64,
    upload: UploadFile,
}

/// Opens all files, before anything is uploaded.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let open = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let content_type = path.extension().and_then(OsStr::to_str).and_then(ContentType::from_extension);
        let content_type = content_type.ok_or_else(|| {
            invalid(format!("unknown media type of {name}: rename it with its extension, such as .jpg"))
        })?;
        let unreadable = |error| invalid(format!("cannot read {name}: {error}"));
        let size = path.metadata().map_err(unreadable)?.len();
        let checked = NewAttachment::new(&*name, content_type.clone(), size).check();
        checked.map_err(|violation| invalid(format!("cannot send {name}: {violation}")))?;
        let upload = UploadFile::open(path, content_type).map_err(unreadable)?;
        Ok(File { name, size, upload })
    };
    paths.iter().map(open).collect()
}

impl File {
    /// Uploads the file, and returns the part of a message with it.
    pub(super) async fn upload(self, client: &Client, output: Output) -> Result<Part, Failure> {
        let bar = bytes_bar(self.size, output);
        let progress = bar.clone();
        let upload = self.upload.on_progress(move |sent| progress.set_position(sent));
        let part = client.attachments().upload_part(upload).await;
        bar.finish_and_clear();
        part.map_err(|error| {
            Failure::from(error).with_note(&format!("{} was not uploaded, and nothing was sent", self.name))
        })
    }
}

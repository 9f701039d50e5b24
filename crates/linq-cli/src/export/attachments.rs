use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use linq::{
    Client,
    resources::attachments::MediaSource,
    types::{json, messages::Message, parts::MediaPartResponse},
};

use super::of_file;
use crate::{failure::Failure, terminal::say_warning};

/// The longest part of a name that comes from the API.
const MAX_NAME: usize = 64;

/// A folder with the files of messages.
pub(super) struct Attachments {
    folder: PathBuf,
    failures: usize,
}

impl Attachments {
    pub(super) fn new(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| of_file("the folder of the attachments", &error))?;
        Ok(Self { folder: folder.to_owned(), failures: 0 })
    }

    /// Downloads the files of all messages in an exported file.
    pub(super) async fn download_all(&mut self, client: &Client, exported: &Path) -> Result<(), Failure> {
        let file = File::open(exported).map_err(|error| of_file("the file", &error))?;
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| of_file("the file", &error))?;
            self.download(client, &line).await?;
        }
        Ok(())
    }

    /// Downloads the files of a message that are not there. Files that cannot be had are warned about.
    pub(super) async fn download(&mut self, client: &Client, message: &str) -> Result<(), Failure> {
        let Ok(message) = json::from_slice::<Message>(message.as_bytes()) else { return Ok(()) };
        for (at, media) in message.media().enumerate() {
            let name = file_name(&message, at, media);
            let (path, part) = (self.folder.join(&name), self.folder.join(format!("{name}.part")));
            if path.exists() {
                continue;
            }
            let downloaded =
                client.attachments().download(MediaSource::from(media)).append_to_file(&part).await;
            match downloaded {
                Ok(_) => {
                    fs::rename(&part, &path).map_err(|error: io::Error| of_file("the attachment", &error))?;
                }
                Err(error) => {
                    self.failures += 1;
                    say_warning(&format!("{name} was not downloaded: {error}"))?;
                }
            }
        }
        Ok(())
    }

    /// Returns an error if a file was not downloaded.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.failures {
            0 => Ok(()),
            failures => Err(Failure::new(format!(
                "{failures} attachments were not downloaded; run the same command again to try it again"
            ))
            .with_kind("Download")),
        }
    }
}

/// Returns the name of a file: its id, and the extension of its name if that is harmless. The sender chooses the name itself.
fn file_name(message: &Message, at: usize, media: &MediaPartResponse) -> String {
    let id = match &media.id {
        Some(id) => id.as_str().to_owned(),
        None => format!("{}-{at}", message.id),
    };
    let is_safe = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let id: String =
        id.chars().map(|character| if is_safe(character) { character } else { '_' }).take(MAX_NAME).collect();
    let extension = media.filename.as_deref().and_then(|name| name.rsplit_once('.'));
    let extension = extension.map(|(_, extension)| extension.to_ascii_lowercase());
    let is_harmless = |extension: &String| {
        (1..=8).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match extension.filter(is_harmless).filter(|extension| extension != "part") {
        Some(extension) => format!("{id}.{extension}"),
        None => id,
    }
}

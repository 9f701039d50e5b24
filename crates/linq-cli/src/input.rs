use std::{
    convert::Infallible,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::{exit_code, failure::Failure};

const STDIN: &str = "-";
const FILE_PREFIX: char = '@';

/// The largest text of a message that is read: far more than the API accepts.
const MAX_TEXT: u64 = 1024 * 1024;

/// A text on the command line, or where to read it: `-` is standard input, and `@` precedes the name of a file. `@@` is a
/// text that starts with `@`.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Text(String),
    File(PathBuf),
}

impl Input {
    /// Parses the text of a message. An option in its place is refused, because somebody forgot the text.
    pub(crate) fn parse_text(text: &str) -> Result<Self, &'static str> {
        let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-').filter(|name| name.len() == 1));
        let is_option = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        match name {
            Some(name) if !name.is_empty() && is_option(name) => Err(
                "expected a text, not an option; a text like an option can be read from a file with @FILE",
            ),
            _ => Ok(Self::from(text)),
        }
    }

    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => String::from_utf8(read_file(path, stdin)?)
                .map_err(|error| format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to())),
        }
    }

    /// Reads the text of a message, without the line break at the end of a file.
    pub(crate) fn read_text(&self, stdin: &mut impl Read) -> Result<String, Failure> {
        let mut stdin = stdin.take(MAX_TEXT + 1);
        let text = match self {
            Self::File(path) if path.metadata().is_ok_and(|file| file.len() > MAX_TEXT) => Err(too_long()),
            _ => self.read(&mut stdin),
        };
        let text = text.and_then(|text| match text.len() as u64 > MAX_TEXT {
            true => Err(too_long()),
            false => Ok(text),
        });
        let text = text.map_err(|reason| {
            let failure = Failure::new(format!("invalid text: {reason}")).with_exit_code(exit_code::USAGE);
            match self {
                Self::File(path) if path.as_os_str() != STDIN => {
                    failure.with_note("a text that starts with @ is written with @@")
                }
                _ => failure,
            }
        })?;
        match self {
            Self::Text(_) => Ok(text),
            Self::File(_) => {
                let text =
                    text.strip_suffix('\n').map_or(&*text, |text| text.strip_suffix('\r').unwrap_or(text));
                Ok(text.to_owned())
            }
        }
    }
}

fn too_long() -> String {
    format!("longer than {MAX_TEXT} bytes")
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        match text.strip_prefix(FILE_PREFIX) {
            Some(text) if text.starts_with(FILE_PREFIX) => Self::Text(text.to_owned()),
            Some(path) => Self::File(path.into()),
            None if text == STDIN => Self::File(STDIN.into()),
            None => Self::Text(text.to_owned()),
        }
    }
}

impl FromStr for Input {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

/// Reads a file, or standard input if it is `-`. The error does not contain the name, which could be a secret.
pub(crate) fn read_file(path: &Path, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    if path.as_os_str() == STDIN {
        stdin.read_to_end(&mut content)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut content))
    }
    .map_err(|error: io::Error| format!("cannot read the file: {error}"))?;
    Ok(content)
}

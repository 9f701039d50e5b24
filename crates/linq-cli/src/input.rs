use std::{
    convert::Infallible,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

const STDIN: &str = "-";
const FILE_PREFIX: char = '@';

/// A text on the command line, or where to read it: `-` is standard input, and `@` precedes the name of a file.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Text(String),
    File(PathBuf),
}

impl Input {
    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => String::from_utf8(read_file(path, stdin)?)
                .map_err(|error| format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to())),
        }
    }
}

impl FromStr for Input {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix(FILE_PREFIX) {
            Some(path) => Self::File(path.into()),
            None if text == STDIN => Self::File(STDIN.into()),
            None => Self::Text(text.to_owned()),
        })
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

use std::{
    convert::Infallible,
    ffi::OsStr,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::{
    Arg, Command, Error,
    builder::{StringValueParser, TypedValueParser},
};

use crate::{exit_code, failure::Failure};

const STDIN: &str = "-";
const FILE_PREFIX: char = '@';

/// The largest text of a message that is read: far more than the API accepts.
const MAX_TEXT: u64 = 1024 * 1024;
/// The largest file of another kind that is read: parameters of a call, or a body.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A text on the command line, or where to read it: `-` is standard input, and `@` precedes the name of a file. `@@` is a
/// text that starts with `@`.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Text(String),
    File(PathBuf),
}

impl Input {
    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<String, String> {
        self.read_up_to(MAX_FILE, stdin)
    }

    fn read_up_to(&self, max: u64, stdin: &mut impl Read) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => String::from_utf8(read_up_to(max, path, stdin)?)
                .map_err(|error| format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to())),
        }
    }

    /// Reads the text of a message, without the line break at the end of a file.
    pub(crate) fn read_text(&self, stdin: &mut impl Read) -> Result<String, Failure> {
        let text = self.read_up_to(MAX_TEXT, stdin);
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

/// Parses the text of a message. One of the command's own options in its place is refused, because the text is missing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageText;

impl TypedValueParser for MessageText {
    type Value = Input;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Input, Error> {
        let longs = command.get_arguments().filter_map(Arg::get_long).map(|long| format!("--{long}"));
        let shorts = command.get_arguments().filter_map(Arg::get_short).map(|short| format!("-{short}"));
        let options: Vec<_> = longs.chain(shorts).collect();
        let parser = StringValueParser::new().try_map(move |text| match options.contains(&text) {
            true => Err("expected a text, not an option; a text that is equal to one can be read from a file with @FILE"),
            false => Ok(Input::from(&*text)),
        });
        parser.parse_ref(command, argument, value)
    }
}

/// Reads a file, or standard input if it is `-`. The error does not contain the name, which could be a secret.
pub(crate) fn read_file(path: &Path, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
    read_up_to(MAX_FILE, path, stdin)
}

fn read_up_to(max: u64, path: &Path, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    match path.as_os_str() == STDIN {
        true => stdin.take(max + 1).read_to_end(&mut content),
        false => File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut content)),
    }
    .map_err(|error: io::Error| format!("cannot read the file: {error}"))?;
    match content.len() as u64 > max {
        true => Err(format!("the input is longer than {max} bytes")),
        false => Ok(content),
    }
}

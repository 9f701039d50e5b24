use std::{
    fs::File,
    io::{self, BufRead, BufReader, stdin},
};

use linq::types::Secret;

use crate::{exit_code, failure::Failure, profile_file::usage_failure, secret::Secret as SecretOption};

/// The longest API key that is accepted: far more than those of the API have.
const MAX_KEY_BYTES: usize = 4096;

/// Returns the API key of the option `--token`.
pub(crate) fn read_token(option: &SecretOption) -> Result<Secret, Failure> {
    read_optional_token(option)?.ok_or_else(|| {
        Failure::new("missing API key: the value of --token is empty")
            .with_kind("MissingKey")
            .with_exit_code(exit_code::AUTHENTICATION)
    })
}

/// Returns an API key: the value, the first line of standard input for `-`, or of a file for `@FILE`; `None` if it is empty. No
/// API key is `-` or begins with `@`.
pub(crate) fn read_optional_token(option: &SecretOption) -> Result<Option<Secret>, Failure> {
    parse_key(match (option.expose(), option.expose().strip_prefix('@')) {
        ("-", _) => first_line(stdin().lock()),
        (_, Some(path)) => File::open(path).and_then(|file| first_line(BufReader::new(file))),
        (token, None) => Ok(token.into()),
    })
}

/// Returns the API key on a line; `None` if it is empty.
pub(crate) fn parse_key(line: io::Result<Vec<u8>>) -> Result<Option<Secret>, Failure> {
    let cannot_read = |reason: &str| usage_failure(&format!("cannot read the API key: {reason}"));
    let line = line.map_err(|error| cannot_read(&error.to_string()))?;
    if line.trim_ascii_end().len() > MAX_KEY_BYTES {
        return Err(usage_failure(&format!(
            "invalid API key: the line is longer than {MAX_KEY_BYTES} bytes; pass the key alone"
        )));
    }
    let line = String::from_utf8(line).map_err(|_| cannot_read("invalid UTF-8"))?;
    Ok(Some(line.trim()).filter(|key| !key.is_empty()).map(Secret::from))
}

/// Reads a line, or as much of it as shows that it is too long for an API key.
pub(crate) fn first_line(reader: impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    reader.take(MAX_KEY_BYTES as u64 + 2).read_until(b'\n', &mut line)?;
    Ok(line)
}

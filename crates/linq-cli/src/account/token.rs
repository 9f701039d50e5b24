use std::{
    fs::File,
    io::{self, BufRead, BufReader, stdin},
};

use linq::types::Secret;

use crate::{exit_code, failure::Failure, secret::Secret as SecretOption};

/// The most that is read in search of the end of a line.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// Returns the API key of an option: the value, the first line of standard input for `-`, or of a file for `@FILE`. No API key
/// is `-` or begins with `@`.
pub(crate) fn read_token(option: &SecretOption) -> Result<Secret, Failure> {
    let line = match (option.expose(), option.expose().strip_prefix('@')) {
        ("-", _) => first_line(stdin().lock()),
        (_, Some(path)) => File::open(path).and_then(|file| first_line(BufReader::new(file))),
        (token, None) => Ok(token.to_owned()),
    };
    let line = line.map_err(|error| {
        Failure::new(format!("cannot read the API key: {error}")).with_exit_code(exit_code::USAGE)
    })?;
    match line.trim() {
        "" => Err(Failure::new("missing API key: the value of --token is empty")
            .with_kind("MissingKey")
            .with_exit_code(exit_code::AUTHENTICATION)),
        token => Ok(Secret::from(token)),
    }
}

/// Reads a line.
pub(crate) fn first_line(reader: impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.take(MAX_LINE_BYTES).read_line(&mut line)?;
    Ok(line)
}

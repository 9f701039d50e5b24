//! The exit codes, which scripts tell failures apart by.

use linq::{Error, ErrorKind};

/// The request was refused, or the command failed for another reason.
pub(crate) const FAILURE: u8 = 1;
/// The command line or a parameter is invalid; nothing was sent.
pub(crate) const USAGE: u8 = 2;
/// The chat, message or other thing does not exist.
pub(crate) const NOT_FOUND: u8 = 3;
/// The API key is missing, wrong, or not that of the thing.
pub(crate) const AUTHENTICATION: u8 = 4;
/// A rate limit: the same request may succeed later.
pub(crate) const RATE_LIMITED: u8 = 5;
/// The API could not be reached, or did not respond properly.
pub(crate) const UNREACHABLE: u8 = 6;
/// The reader of the output is gone. Programs that SIGPIPE ends have the same code in a shell.
pub(crate) const BROKEN_PIPE: u8 = 128 + 13;

/// Returns the exit code for a failed call.
pub(crate) fn of(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Config | ErrorKind::InvalidRequest => USAGE,
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => UNREACHABLE,
        _ if error.is_rate_limited() => RATE_LIMITED,
        _ if error.is_not_found() => NOT_FOUND,
        _ if error.is_unauthorized() => AUTHENTICATION,
        _ if error.status().is_some_and(|status| status.is_server_error()) => UNREACHABLE,
        _ => FAILURE,
    }
}

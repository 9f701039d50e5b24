use std::{error::Error as StdError, fmt};

/// A call that took longer than its deadline.
#[derive(Debug)]
pub(super) struct PastDeadline;

impl fmt::Display for PastDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed out: the deadline of the call has passed")
    }
}

impl StdError for PastDeadline {}

/// A send that the pace of its client allows only after its deadline.
#[derive(Debug)]
pub(super) struct PacePastDeadline;

impl fmt::Display for PacePastDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pace of the client allows it only after the deadline of the call")
    }
}

impl StdError for PacePastDeadline {}

use linq_types::{Handle, Service, error::ErrorCode};

use crate::clock::Moment;

/// A person: anyone who is not a line of the account.
pub(crate) struct Person {
    pub(crate) service: Service,
    pub(crate) has_rcs: bool,
    pub(crate) opted_out: bool,
    /// The person wrote to one of the lines.
    pub(crate) has_written: bool,
    /// The code that messages to the person fail with.
    pub(crate) failure: Option<ErrorCode>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            service: Service::IMessage,
            has_rcs: false,
            has_written: false,
            opted_out: false,
            failure: None,
        }
    }
}

/// An entry of the block list.
pub(crate) struct Blocked {
    pub(crate) handle: Handle,
    pub(crate) at: Moment,
    pub(crate) reason: Option<String>,
}

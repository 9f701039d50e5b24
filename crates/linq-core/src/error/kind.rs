/// Where a call failed.
///
/// ```
/// # use linq_core as linq;
/// use linq::{Error, ErrorKind};
///
/// fn report(error: &Error) {
///     match error.kind() {
///         ErrorKind::Config | ErrorKind::InvalidRequest => eprintln!("fix the program: {error}"),
///         ErrorKind::Api => eprintln!("the API refused the request: {error}"),
///         _ if error.maybe_sent() => eprintln!("unknown whether it was sent: {error}"),
///         _ => eprintln!("{error}"),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is invalid: a missing API key, an invalid key, base URL or header, a base URL that
    /// the backend cannot reach safely, or a pace and a backend without a clock. Fix the configuration; no client was built.
    Config,
    /// The request is invalid and was not sent: it breaks a rule ([`Error::violation`](crate::Error::violation)), or cannot be written as HTTP.
    /// Fix the request.
    InvalidRequest,
    /// No connection was established, so nothing was sent. Check the base URL and the network.
    Connect,
    /// No response arrived within the timeout of the attempts or the deadline of the call. A send may have been
    /// executed ([`Error::maybe_sent`](crate::Error::maybe_sent)).
    ///
    /// Also: the [pace](crate::ClientBuilder::pace) of the client allows the send only after its deadline
    /// ([`Error::retry_after`](crate::Error::retry_after)).
    Timeout,
    /// The connection failed before the response was complete. A send may have been executed ([`Error::maybe_sent`](crate::Error::maybe_sent)).
    Transport,
    /// The service responded with an error status. [`Error::code`](crate::Error::code) and [`Error::status`](crate::Error::status) tell which.
    Api,
    /// The response could not be decoded: it is not the expected JSON, or it has a content encoding. If its
    /// [`status`](crate::Error::status) is a success, the service accepted the request. The response is in [`Error::body`](crate::Error::body).
    ///
    /// Also: a list that would never end.
    Decode,
    /// The message failed: the response to a send is a message that failed, because an earlier send with this idempotency
    /// key did, or a [`Delivery`](crate::resources::messages::Delivery) found out that it failed.
    ///
    /// Nothing is sent for this key any more. The `message.failed` webhook says why ([`Error::code`](crate::Error::code), if it is known); to send
    /// again, use a new key.
    FailedMessage,
    /// A message was accepted, but was not delivered within the timeout of a
    /// [`Delivery`](crate::resources::messages::Delivery). It may be delivered later: wait again, and do not send it again.
    NotDelivered,
    /// A file was uploaded, but the service could not process it. Upload another file.
    FailedAttachment,
    /// A file was uploaded, but was not ready within the timeout of
    /// [`wait_until_ready`](crate::resources::attachments::Upload::wait_until_ready). Send it later, by
    /// [`Error::attachment_id`](crate::Error::attachment_id); do not upload it again.
    AttachmentNotReady,
    /// A file could not be downloaded, although the storage responded: [`Error::download_error`](crate::Error::download_error) tells why.
    Download,
    /// A webhook subscription was created, but its signing secret could not be stored: the callback of
    /// [`ensure`](crate::resources::webhook_subscriptions::WebhookSubscriptions::ensure) or
    /// [`rotate`](crate::resources::webhook_subscriptions::WebhookSubscriptions::rotate) returned an error, which is the
    /// [source](std::error::Error::source) of this one's. The subscription was deleted, unless [`Error::maybe_sent`](crate::Error::maybe_sent) is `true`.
    UnstoredSecret,
}

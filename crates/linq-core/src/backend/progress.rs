use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use crate::{TransportError, TransportErrorKind};

const UNREPORTED: u8 = 0;
const CONNECTING: u8 = 1;
const SENDING: u8 = 2;
const GIVEN_UP: u8 = 3;

/// How far an attempt has got, in the extensions of every request that the client makes.
///
/// With it the client distinguishes an attempt that timed out before anything was sent, which is always safe to repeat
/// ([`TransportErrorKind::Connect`](crate::TransportErrorKind::Connect)), from one that timed out later. A backend that knows
/// when it sends calls [`connecting`](Self::connecting) first and [`sending`](Self::sending) before it sends anything. One
/// that calls neither has its timeouts reported as timeouts.
#[cfg_attr(
    feature = "http-body",
    doc = "[`HttpBody`](super::HttpBody) does both for backends that send with it."
)]
///
/// ```
/// # use linq_core as linq;
/// use linq::{Body, backend::AttemptProgress};
///
/// # fn doc(request: &http::Request<Body>) {
/// let progress = AttemptProgress::of(request);
/// progress.connecting();
/// // Connect here.
/// if progress.sending() {
///     // Send here. Otherwise, the client has given up and may already be sending the next attempt.
/// }
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct AttemptProgress(Arc<AtomicU8>);

impl AttemptProgress {
    /// Returns the progress that the client observes, or one that nobody observes if the request has none.
    #[must_use]
    pub fn of<B>(request: &http::Request<B>) -> Self {
        request.extensions().get().cloned().unwrap_or_default()
    }

    /// Reports that nothing has been sent, and that [`sending`](Self::sending) will be called.
    pub fn connecting(&self) {
        self.advance(UNREPORTED, CONNECTING);
    }

    /// Reports that the request is sent from now on. Returns `false` if the client has given up the attempt as not sent; it
    /// must not be sent then.
    #[must_use]
    pub fn sending(&self) -> bool {
        self.advance(UNREPORTED, SENDING);
        self.advance(CONNECTING, SENDING);
        self.0.load(Ordering::SeqCst) == SENDING
    }

    /// Returns `true` if the backend reported that it is connecting, and nothing was sent since.
    #[must_use]
    pub fn is_connecting(&self) -> bool {
        self.0.load(Ordering::SeqCst) == CONNECTING
    }

    /// Ends the attempt. Returns `true` if nothing of it was sent, and nothing will be.
    pub(crate) fn give_up(&self) -> bool {
        self.advance(CONNECTING, GIVEN_UP);
        self.0.load(Ordering::SeqCst) == GIVEN_UP
    }

    /// Ends the attempt after its timeout, and returns its error.
    pub(crate) fn timeout(&self) -> TransportError {
        TransportError::new(if self.give_up() {
            TransportErrorKind::Connect
        } else {
            TransportErrorKind::Timeout
        })
    }

    fn advance(&self, from: u8, to: u8) {
        // A failed exchange leaves the later state.
        let _ = self.0.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_given_up_as_unsent_or_sent_but_never_both() {
        type Steps = fn(&AttemptProgress) -> bool;
        let sends: Steps = |progress| progress.sending();
        let gives_up: Steps = |progress| progress.give_up();
        let cases: [(bool, &[(Steps, bool)]); 5] = [
            (false, &[(gives_up, false), (sends, true)]),
            (false, &[(sends, true), (gives_up, false)]),
            (true, &[(gives_up, true), (sends, false), (gives_up, true)]),
            (true, &[(sends, true), (gives_up, false), (sends, true)]),
            (true, &[(gives_up, true), (gives_up, true), (sends, false)]),
        ];
        for (index, (reports, steps)) in cases.into_iter().enumerate() {
            let progress = AttemptProgress::default();
            if reports {
                progress.connecting();
            }
            assert_eq!(progress.is_connecting(), reports, "case {index}");
            for (number, (step, expected)) in steps.iter().enumerate() {
                assert_eq!(step(&progress), *expected, "case {index}, step {number}");
            }
            progress.connecting();
            assert!(!progress.is_connecting(), "case {index}: no way back");
        }
    }
}

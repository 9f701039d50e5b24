//! The options that several kinds of calls have, defined once.

/// The time limits of a call, for a type with `options`.
macro_rules! time_options {
    () => {
        /// Limits each attempt to this time, in place of the client's timeout.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// Limits the whole call to this time: all attempts and the delays between them. Of a list, it limits each page,
        /// and each item with all the pages that it takes to find it.
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }
    };
}

/// The attempts, validation, headers and query parameters of a call, for a type with `options`.
macro_rules! request_options {
    () => {
        /// Makes at most this many attempts, in place of the client's number. At least one is made.
        pub fn max_attempts(mut self, attempts: u32) -> Self {
            self.options.attempts = Some(attempts);
            self
        }

        /// Waits for up to this time if the service asks for it, in place of the client's
        /// [`max_retry_after`](crate::ClientBuilder::max_retry_after).
        pub fn max_retry_after(mut self, wait: std::time::Duration) -> Self {
            self.options.max_retry_after = Some(wait);
            self
        }

        /// Sends the request even if it breaks a known rule, and leaves the decision to the service.
        pub fn skip_validation(mut self) -> Self {
            self.options.skip_validation = true;
            self
        }

        /// Sets a header, in place of that of the client or of the API.
        pub fn header<N, V>(mut self, name: N, value: V) -> Self
        where
            N: TryInto<http::HeaderName>,
            V: TryInto<http::HeaderValue>,
        {
            self.options.set_header(name.try_into().ok(), value.try_into().ok());
            self
        }

        /// Removes a header that the client or the API would set.
        pub fn without_header(mut self, name: impl TryInto<http::HeaderName>) -> Self {
            self.options.remove_header(name.try_into().ok());
            self
        }

        /// Sets a query parameter, in place of the call's own of that name. Name and value are encoded.
        pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.extra().query.set(name.into(), value);
            self
        }
    };
}

use std::hint::black_box;

use http::{HeaderMap, StatusCode, header};

use crate::error::ApiError;

/// Compares in a time that depends on the lengths only.
pub(crate) fn is_same_secret(given: &str, secret: &str) -> bool {
    let pairs = given.bytes().zip(secret.bytes());
    let difference = pairs.fold(0, |difference, (given, secret)| black_box(difference | (given ^ secret)));
    given.len() == secret.len() && difference == 0
}

/// Rejects a request that a page of another origin made.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let own = headers.get(header::HOST).map(|host| [b"http://", host.as_bytes()].concat());
    let is_own = |origin: &[u8]| own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(origin));
    match headers.get_all(header::ORIGIN).iter().find(|origin| !is_own(origin.as_bytes())) {
        None => Ok(()),
        Some(origin) => Err(ApiError::invalid(format!(
            "`Origin: {}` is not the origin of this sandbox",
            String::from_utf8_lossy(origin.as_bytes())
        ))
        .with_status(StatusCode::FORBIDDEN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_the_same() {
        for (given, same) in
            [("secret", true), ("secreT", false), ("secre", false), ("secrets", false), ("", false)]
        {
            assert_eq!(is_same_secret(given, "secret"), same, "{given}");
        }
    }
}

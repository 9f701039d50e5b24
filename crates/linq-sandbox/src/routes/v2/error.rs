use bytes::Bytes;
use serde::Serialize;

use crate::{endpoints, error::ApiError, json};

/// Returns the body of an error: webhook subscriptions have another form than the others. The reference lists no codes; these are
/// the names of the statuses.
pub(crate) fn error(error: &ApiError, path: &str) -> Bytes {
    #[derive(Serialize)]
    struct Errors<'a> {
        errors: [Detail<'a>; 1],
    }

    #[derive(Serialize)]
    struct Detail<'a> {
        status: u16,
        code: &'a str,
        title: &'static str,
        detail: &'a str,
    }

    #[derive(Serialize)]
    struct StandardError<'a> {
        status: String,
        error_code: &'a str,
        message: &'static str,
        errors: [&'a str; 1],
    }

    let status = error.status();
    let title = status.canonical_reason().unwrap_or("Error");
    let code = title.to_ascii_lowercase().replace([' ', '-'], "_");
    let of_subscriptions = format!("{}/v2/webhook_subscriptions", endpoints::BASE);
    match path.starts_with(&of_subscriptions) {
        true => json::write(&StandardError {
            status: status.as_u16().to_string(),
            error_code: &code,
            message: title,
            errors: [error.message()],
        }),
        false => json::write(&Errors {
            errors: [Detail { status: status.as_u16(), code: &code, title, detail: error.message() }],
        }),
    }
}

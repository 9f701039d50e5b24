use linq_types::{Handle, check::Check as _, error::ErrorCode};

use crate::error::ApiError;

/// Refuses what is neither a number in E.164 form nor an email address.
pub(crate) fn check(field: &str, handle: &Handle) -> Result<(), ApiError> {
    handle.check().map_err(|_| invalid(field, handle))
}

/// Refuses what is not a number in E.164 form.
pub(crate) fn check_phone_number(field: &str, handle: &Handle) -> Result<(), ApiError> {
    if handle.as_str().contains('@') { Err(invalid(field, handle)) } else { check(field, handle) }
}

fn invalid(field: &str, handle: &Handle) -> ApiError {
    ApiError::new(
        ErrorCode::INVALID_PHONE_NUMBER,
        format!("`{field}`: `{handle}` is not a number in E.164 form, such as +12025550199"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_e164_form_and_email_addresses_are_handles() {
        for text in ["+12025550199", "+49301234567", "casey@example.com"] {
            assert_eq!(check("to", &text.into()), Ok(()));
        }
        for text in [
            "",
            "+",
            "+0123",
            "12025550199",
            "+1 202 555 0199",
            "+1-202",
            "+1234567890123456",
            "a@",
            "@b",
            "a b@c",
        ] {
            assert_eq!(
                check("to", &text.into()).unwrap_err().code(),
                ErrorCode::INVALID_PHONE_NUMBER,
                "{text}"
            );
        }
    }
}

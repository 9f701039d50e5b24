use super::{Check, Rule, Violation, require};
use crate::Handle;

/// Checks handles in requests. Senders of inbound messages can have other forms, such as short codes.
impl Check for Handle {
    fn check(&self) -> Result<(), Violation> {
        let text = self.as_str();
        require(is_phone_number(text) || is_email(text), Rule::Handle, "")
    }
}

fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_in_e164_form_and_email_addresses_pass() {
        for text in
            ["+12025550199", "+49301234567", "+123456789012345", "casey.river@example.com", "jörg@müller.de"]
        {
            assert_eq!(Handle::from(text).check(), Ok(()), "{text}");
        }
        for text in [
            "",
            "+",
            "+0123",
            "12025550199",
            "+1 202 555 0199",
            "+1-202",
            "+1234567890123456",
            "88202",
            "LINQ",
            "a@",
            "@b",
            "a b@c",
            "a@b@c",
        ] {
            assert_eq!(Handle::from(text).check(), Err(Violation::new(Rule::Handle)), "{text}");
        }
    }
}

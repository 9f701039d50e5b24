//! Recipients as people write them.

use linq::types::Handle;

/// Reads a phone number in E.164 form or an email address. The error suggests the E.164 form of numbers of North America.
pub(crate) fn parse_recipient(text: &str) -> Result<Handle, String> {
    let text = text.trim();
    Handle::parse(text).map_err(|_| match suggestion(text) {
        Some(number) => format!(
            "invalid recipient: a phone number must be in E.164 form; if it is in the US or Canada: {number}"
        ),
        None => "invalid recipient: expected a phone number in E.164 form, such as +12025550199, or an email address"
            .to_owned(),
    })
}

fn suggestion(text: &str) -> Option<Handle> {
    let is_number = text.chars().all(|character| character.is_ascii_digit() || " ()-./+".contains(character));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = match (digits.len(), digits.starts_with('1')) {
        (10, _) => format!("+1{digits}"),
        (11, true) => format!("+{digits}"),
        _ => return None,
    };
    Handle::parse(&number).ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them_are_refused_with_their_e164_form() {
        assert_eq!(parse_recipient(" +12025550199\n"), Ok("+12025550199".into()));
        assert_eq!(parse_recipient("casey@example.com"), Ok("casey@example.com".into()));
        for (text, is_suggested) in [
            ("(202) 555-0199", true),
            ("202.555.0199", true),
            ("1-202-555-0199", true),
            ("+1 202 555 0199", true),
            ("+44 20 7946 0958", false),
            ("555-0199", false),
            ("key 2025550199", false),
            ("+12025550199\0", false),
            ("", false),
        ] {
            let reason = parse_recipient(text).unwrap_err();
            assert_eq!(
                reason.ends_with("if it is in the US or Canada: +12025550199"),
                is_suggested,
                "{text}"
            );
        }
    }
}

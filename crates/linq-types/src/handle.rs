use std::{error::Error, fmt};

use serde::{Deserialize, Serialize};

#[cfg(feature = "phone-numbers")]
use crate::Region;
use crate::{
    HandleId, Service, Timestamp,
    check::{Check, Rule},
};

id! {
    /// The address of a person or a line: a phone number in E.164 form (`+12025550100`) or an email address.
    ///
    /// The API does not normalize phone numbers: they have a leading `+` and no spaces or punctuation. Senders of inbound
    /// messages can also be short codes or alphanumeric names.
    ///
    /// Conversions from text accept any text; [`parse`](Handle::parse) accepts what can be sent to.
    #[cfg_attr(feature = "schemars-1", schemars(example = "+12025550199"))]
    Handle;
}

impl Handle {
    /// Checks that a text is a phone number in E.164 form or an email address, like the checks before sending do.
    ///
    /// # Errors
    ///
    /// Returns an error if it is neither.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::Handle;
    ///
    /// assert_eq!(Handle::parse("+12025550199")?, "+12025550199");
    /// assert_eq!(Handle::parse("casey@example.com")?, "casey@example.com");
    /// assert!(Handle::parse("(202) 555-0199").is_err());
    /// # Ok::<(), linq_types::InvalidHandle>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, InvalidHandle> {
        let handle = Self::from(text);
        handle.check().map(|()| handle).map_err(|_| InvalidHandle)
    }

    /// Converts a phone number as people write it in a region to E.164 form.
    ///
    /// The number may be national, or international with `+` or the region's prefix for calls abroad. A national number must
    /// be valid in the numbering plan, as [libphonenumber](https://github.com/google/libphonenumber) has it. What
    /// [`parse`](Self::parse) accepts, such as an email address, is unchanged. Whitespace around the text is removed.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is no valid number, if the number has an extension, or if it is no email address.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::{Handle, Region};
    ///
    /// assert_eq!(Handle::parse_in("(202) 555-0199", Region::US)?, "+12025550199");
    /// assert_eq!(Handle::parse_in("020 7946 0958", Region::GB)?, "+442079460958");
    /// assert_eq!(Handle::parse_in("011 44 20 7946 0958", Region::US)?, "+442079460958");
    /// assert!(Handle::parse_in("555-0199", Region::US).is_err());
    /// # Ok::<(), linq_types::InvalidHandle>(())
    /// ```
    #[cfg(feature = "phone-numbers")]
    pub fn parse_in(text: &str, region: Region) -> Result<Self, InvalidHandle> {
        /// The longest input that libphonenumber parses.
        const MAX_CHARS: usize = 250;

        let text = text.trim();
        if let Ok(handle) = Self::parse(text) {
            return Ok(handle);
        }
        let text: String = text.chars().take(MAX_CHARS + 1).map(ascii_digit).collect();
        if text.chars().count() > MAX_CHARS {
            return Err(InvalidHandle);
        }
        let parse = |plan| phonenumber::parse(Some(plan), &text).map_err(|_| InvalidHandle);
        let mut number = parse(region.numbering_plan())?;
        // Only with its own plan, the parser removes the prefix of national calls, as in `+44 (0)20`.
        if let Some(plan) = number.country().id().filter(|_| !number.is_valid()) {
            number = parse(plan)?;
        }
        if number.extension().is_some() || !number.is_valid() {
            return Err(InvalidHandle);
        }
        Self::parse(&number.format().mode(phonenumber::Mode::E164).to_string())
    }
}

/// Converts a digit of the scripts that phone numbers are written in to its ASCII form.
#[cfg(feature = "phone-numbers")]
fn ascii_digit(character: char) -> char {
    const ZEROS: [char; 4] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];

    let values = ZEROS.iter().filter_map(|zero| u32::from(character).checked_sub(u32::from(*zero)));
    values.filter_map(|value| char::from_digit(value, 10)).next().unwrap_or(character)
}

/// The error when a text is not the [`Handle`] of anybody to send to. It does not contain the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidHandle;

impl fmt::Display for InvalidHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid handle: {}", Rule::Handle)
    }
}

impl Error for InvalidHandle {}

open_enum! {
    /// The status of a participant of a chat.
    pub enum HandleStatus {
        /// The participant is in the chat.
        Active = "active",
        /// The participant left the chat.
        Left = "left",
        /// The participant was removed from the chat.
        Removed = "removed",
    }
}

open_enum! {
    /// The type of a line.
    pub enum LineType {
        /// An iMessage line.
        IMessage = "iMessage",
        /// An RCS line.
        Rcs = "RCS",
    }
}

/// A participant of a chat: one of your lines or another person.
///
/// [`json::from_slice`](crate::json::from_slice) reads the address alone, as a JSON string, as a participant without other
/// fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of the membership in this chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<HandleId>,
    /// The phone number or email address.
    pub handle: Handle,
    /// The [service](Service) that the participant is reached by; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the participant joined; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// Whether the participant is your line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// The [status](HandleStatus) in the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HandleStatus>,
    /// When the participant left or was removed; `None` if it is in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The [type](LineType) of the line; `None` for other people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_says_what_is_expected_and_not_what_was_given() {
        let error = Handle::parse("202-555-0199").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid handle: a handle must be a phone number in E.164 form, such as +12025550199, or an email address"
        );
        assert_eq!(format!("{error:?}"), "InvalidHandle");
    }

    #[cfg(feature = "phone-numbers")]
    mod numbers {
        use proptest::prelude::*;

        use super::*;

        #[test]
        fn numbers_as_people_write_them_become_e164() {
            for (region, text, number) in [
                (Region::US, "(202) 555-0199", "+12025550199"),
                (Region::US, " 202.555.0199\n", "+12025550199"),
                (Region::US, "1 202 555 0199", "+12025550199"),
                (Region::US, "tel:+1-202-555-0199", "+12025550199"),
                (Region::US, "1-800-FLOWERS", "+18003569377"),
                (Region::US, "011 49 30 1234567", "+49301234567"),
                (Region::US, "+44 (0)20 7946 0958", "+442079460958"),
                (Region::US, "+19995550199", "+19995550199"),
                (Region::US, " casey@example.com ", "casey@example.com"),
                (Region::GB, "07911 123456", "+447911123456"),
                (Region::DE, "0151 23456789", "+4915123456789"),
                (Region::FR, "06 12 34 56 78", "+33612345678"),
                (Region::IT, "06 1234 5678", "+390612345678"),
                (Region::AR, "011 15-2345-6789", "+5491123456789"),
                (Region::BR, "0 11 96123-4567", "+5511961234567"),
                (Region::MX, "55 1234 5678", "+525512345678"),
                (Region::JP, "０９０－１２３４－５６７８", "+819012345678"),
                (Region::IN, "०९८७६५ ४३२१०", "+919876543210"),
                (Region::EG, "٠١٠ ٠١٢٣ ٤٥٦٧", "+201001234567"),
                (Region::IR, "۰۹۱۲ ۳۴۵ ۶۷۸۹", "+989123456789"),
                (Region::RU, "8 (912) 345-67-89", "+79123456789"),
                (Region::CI, "01 23 45 67 89", "+2250123456789"),
            ] {
                assert_eq!(Handle::parse_in(text, region), Ok(number.into()), "{text}");
            }
        }

        #[test]
        fn what_is_no_number_of_the_region_is_rejected() {
            let long = "2".repeat(10_000);
            for text in [
                "",
                "+",
                "hello",
                "12",
                "555-0199",
                "999-555-0199",
                "202-555-0199 ext. 12",
                "+999 123456",
                ";ext=",
                &long,
            ] {
                assert_eq!(Handle::parse_in(text, Region::US), Err(InvalidHandle), "{text}");
            }
        }

        proptest! {
            #[test]
            fn whatever_is_accepted_can_be_sent_to(
                text in prop_oneof!["\\PC{0,40}", "[-+()0-9 .x;=#*/A-Z٠-٩]{0,40}", "\\+?[0-9]{0,20}"],
                region in 0..Region::ALL.len(),
            ) {
                if let Ok(handle) = Handle::parse_in(&text, Region::ALL[region]) {
                    prop_assert_eq!(Handle::parse(handle.as_str()), Ok(handle));
                }
            }
        }
    }
}

use std::{env, error::Error, ffi::OsString, fmt};

use crate::{InvalidSecret, Verifier};

const VARIABLE: &str = "LINQ_WEBHOOK_SECRET";

impl Verifier {
    /// Creates a verifier with the signing secrets in the environment variable `LINQ_WEBHOOK_SECRET`.
    ///
    /// The variable holds one secret, or several separated by commas or whitespace, for example during rotation. Each
    /// is accepted for [`Schemes::V3`](crate::Schemes::V3). Quotes around the value are no part of it: a shell removes them, a
    /// file of variables for a container may not.
    ///
    /// ```no_run
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use linq::webhooks::Verifier;
    ///
    /// let verifier = Verifier::from_env()?;
    /// # drop(verifier);
    /// # Ok::<(), linq_webhooks::FromEnvError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the variable is [missing](FromEnvError::Missing), [empty](FromEnvError::Empty) or
    /// [not Unicode](FromEnvError::NotUnicode), or if one of its secrets is [invalid](FromEnvError::Invalid).
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::from_variable(env::var_os(VARIABLE))
    }

    fn from_variable(value: Option<OsString>) -> Result<Self, FromEnvError> {
        let value = value.ok_or(FromEnvError::Missing)?;
        let value = value.to_str().ok_or(FromEnvError::NotUnicode)?;
        let mut secrets = value
            .split(|character: char| character == ',' || character.is_ascii_whitespace())
            .filter(|secret| !secret.is_empty())
            .enumerate();
        let invalid = |at| move |source| FromEnvError::Invalid { position: at + 1, source };
        let (at, first) = secrets.next().ok_or(FromEnvError::Empty)?;
        let verifier = Self::new(first).map_err(invalid(at))?;
        secrets.try_fold(verifier, |verifier, (at, secret)| verifier.and_secret(secret).map_err(invalid(at)))
    }
}

/// The error returned by [`Verifier::from_env`]. It never contains the value of the variable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FromEnvError {
    /// The variable is not set.
    Missing,
    /// The variable contains no secret.
    Empty,
    /// The value of the variable is not Unicode.
    NotUnicode,
    /// A secret in the variable is invalid.
    #[non_exhaustive]
    Invalid {
        /// The position of the secret in the variable, starting at 1.
        position: usize,
        /// Why the secret is invalid.
        source: InvalidSecret,
    },
}

impl fmt::Display for FromEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                write!(f, "missing environment variable {VARIABLE}; ")?;
                f.write_str("set it to the signing secret of the webhook subscription")
            }
            Self::Empty => {
                write!(f, "empty environment variable {VARIABLE}; ")?;
                f.write_str("set it to the signing secret of the webhook subscription")
            }
            Self::NotUnicode => {
                write!(f, "invalid environment variable {VARIABLE}: not Unicode; ")?;
                f.write_str("set it to one signing secret, or several separated by commas or whitespace")
            }
            Self::Invalid { position, source } => {
                write!(f, "invalid secret {position} in the environment variable {VARIABLE}: {source}")
            }
        }
    }
}

impl Error for FromEnvError {}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use linq_types::Timestamp;

    use super::*;
    use crate::{Signer, VerifyError};

    const FIRST: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const SECOND: &str = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3";

    fn from_text(text: &str) -> Result<Verifier, FromEnvError> {
        Verifier::from_variable(Some(text.into()))
    }

    #[test]
    fn secrets_are_separated_by_commas_and_whitespace() {
        let now = Timestamp::from_unix(1_790_000_000, 0).unwrap();
        let signed = |secret| Signer::new(secret).unwrap().headers("e1", now, b"{}").unwrap();
        let accepts =
            |verifier: &Verifier, headers: &HeaderMap| verifier.verify_at(headers, "{}", now).map(drop);
        for text in
            [format!("{FIRST},{SECOND}"), format!("{FIRST} {SECOND}"), format!(" {FIRST},\n\t{SECOND},, ")]
        {
            let verifier = from_text(&text).unwrap();
            assert_eq!(accepts(&verifier, &signed(FIRST)), Ok(()), "{text:?}");
            assert_eq!(accepts(&verifier, &signed(SECOND)), Ok(()), "{text:?}");
            let stranger = accepts(&verifier, &signed("whsec_dGhlIHNlY3JldCBvZiBhIHN0cmFuZ2Vy"));
            assert_eq!(stranger, Err(VerifyError::SignatureMismatch), "{text:?}");
        }
    }

    #[test]
    fn errors_name_the_variable_and_the_remedy_but_not_the_value() {
        let errors = [
            Verifier::from_variable(None).unwrap_err(),
            from_text("").unwrap_err(),
            from_text(" , \n").unwrap_err(),
            from_text(&format!("{FIRST}, whsec_")).unwrap_err(),
            from_text(&format!("\"{FIRST}\"")).unwrap_err(),
            from_text(&format!("{FIRST},\u{feff}{SECOND}")).unwrap_err(),
            from_text(&format!("v1,{FIRST}")).unwrap_err(),
            from_text(&format!("{FIRST} whsec_!!!")).unwrap_err(),
            from_text("whsec_AQ==").unwrap_err(),
        ];
        insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"), @r"
        missing environment variable LINQ_WEBHOOK_SECRET; set it to the signing secret of the webhook subscription
        empty environment variable LINQ_WEBHOOK_SECRET; set it to the signing secret of the webhook subscription
        empty environment variable LINQ_WEBHOOK_SECRET; set it to the signing secret of the webhook subscription
        invalid secret 2 in the environment variable LINQ_WEBHOOK_SECRET: empty signing secret; use the `signing_secret` returned when the webhook subscription was created
        invalid secret 1 in the environment variable LINQ_WEBHOOK_SECRET: invalid signing secret: it has quotes in or around it; remove them
        invalid secret 2 in the environment variable LINQ_WEBHOOK_SECRET: invalid signing secret: it has characters that are invisible or not ASCII, such as a byte order mark or a zero-width space; type it again or copy it from the original
        invalid secret 1 in the environment variable LINQ_WEBHOOK_SECRET: invalid signing secret: `whsec_` must be at its start and only there; remove what is in front of it, such as `v1,` or a second `whsec_`
        invalid secret 2 in the environment variable LINQ_WEBHOOK_SECRET: invalid signing secret: not base64; use the complete `whsec_` secret, or accept a scheme that uses the text as the key
        invalid secret 1 in the environment variable LINQ_WEBHOOK_SECRET: invalid signing secret: the key has less than 16 bytes; use the complete `signing_secret` returned when the webhook subscription was created
        ");
    }

    #[test]
    fn every_secret_in_the_variable_is_checked() {
        for broken in [
            "whsec_",
            "'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='",
            "v1",
            "whsec_!!!",
            "whsec_AQ==",
            "\u{a0}",
            "\u{200b}",
        ] {
            for (text, at) in [
                (format!("{broken},{FIRST}"), 1),
                (format!("{FIRST},{broken}"), 2),
                (format!("{FIRST} {SECOND}\n{broken}\n"), 3),
            ] {
                let FromEnvError::Invalid { position, .. } = from_text(&text).unwrap_err() else {
                    panic!("{text:?}")
                };
                assert_eq!(position, at, "{text:?}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_value_that_is_not_unicode_is_an_error() {
        use std::os::unix::ffi::OsStringExt as _;

        let error = Verifier::from_variable(Some(OsString::from_vec(b"whsec_\xff".to_vec()))).unwrap_err();
        insta::assert_snapshot!(error, @"invalid environment variable LINQ_WEBHOOK_SECRET: not Unicode; set it to one signing secret, or several separated by commas or whitespace");
    }
}

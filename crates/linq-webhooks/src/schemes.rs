use std::{fmt, ops::BitOr};

/// Which schemes a secret is accepted for, and with which key. Join them with `|`.
///
/// The headers of a delivery choose the scheme, and that one alone decides; no other is tried when it refuses:
///
/// 1. The three `webhook-*` headers are there, and the secret has a key for [`STANDARD`](Self::STANDARD): that
///    decides.
/// 2. Else `x-webhook-timestamp` and `x-webhook-signature` are there: [`LEGACY`](Self::LEGACY) decides, if
///    accepted. The signature is bare hex.
/// 3. Else `x-webhook-signature` is there without any of `x-webhook-timestamp`, `webhook-timestamp` and
///    `webhook-signature`: [`V2`](Self::V2) decides, if accepted. The signature is hex after `sha256=`.
///
/// So a delivery that has a time is never taken for one of V2, which has none.
///
/// ```
/// use linq_webhooks::{Schemes, Verifier};
///
/// // Both kinds of subscriptions post to one address:
/// let verifier = Verifier::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?
///     .and_secret_for(Schemes::V2, "the secret you gave to the V2 subscription")?;
/// # drop(verifier);
/// # Ok::<(), linq_webhooks::InvalidSecret>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Schemes(u8);

impl Schemes {
    /// [`Scheme::Standard`](crate::Scheme::Standard). The key is what the base64 after `whsec_` decodes to.
    pub const STANDARD: Self = Self(1);
    /// [`Scheme::Legacy`](crate::Scheme::Legacy). The key is the whole text of the secret, `whsec_` included.
    pub const LEGACY: Self = Self(1 << 1);
    /// What the service signs webhooks of V3 with, and what is accepted unless you say otherwise:
    /// [`STANDARD`](Self::STANDARD) and [`LEGACY`](Self::LEGACY).
    pub const V3: Self = Self(Self::STANDARD.0 | Self::LEGACY.0);
    /// [`Scheme::Legacy`](crate::Scheme::Legacy) with the decoded bytes as key. The service is not known to sign
    /// so; some relays do.
    pub const LEGACY_DECODED_KEY: Self = Self(1 << 2);
    /// [`Scheme::V2`](crate::Scheme::V2). The key is the text that you gave when you subscribed, as it is: it is
    /// never decoded, even if it looks like `whsec_`.
    pub const V2: Self = Self(1 << 3);
    /// [`V2`](Self::V2), also where a proxy wrote the JSON anew on the way.
    ///
    /// A body that does not match as it came is brought into canonical form: keys sorted at every level, the last
    /// of equal keys kept, no spaces, no needless escapes, numbers as they are written. If that matches, the
    /// canonical form is the body of the [`Verified`](crate::Verified), so nothing is read that was not signed.
    pub const V2_CANONICAL: Self = Self(Self::V2.0 | 1 << 4);

    /// Whether all of these are among them.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    pub(crate) const fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// [`V3`](Self::V3).
impl Default for Schemes {
    fn default() -> Self {
        Self::V3
    }
}

impl BitOr for Schemes {
    type Output = Self;

    fn bitor(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

impl fmt::Debug for Schemes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(Schemes, &str); 5] = [
            (Schemes::STANDARD, "STANDARD"),
            (Schemes::LEGACY, "LEGACY"),
            (Schemes::LEGACY_DECODED_KEY, "LEGACY_DECODED_KEY"),
            (Schemes::V2, "V2"),
            (Schemes::V2_CANONICAL, "V2_CANONICAL"),
        ];
        let accepted = NAMES.iter().filter(|(schemes, _)| self.contains(*schemes));
        for (at, (_, name)) in accepted.enumerate() {
            f.write_str(if at > 0 { " | " } else { "" })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_a_set_that_prints_its_members() {
        for (schemes, printed) in [
            (Schemes::default(), "STANDARD | LEGACY"),
            (Schemes::V3 | Schemes::V2, "STANDARD | LEGACY | V2"),
            (Schemes::STANDARD | Schemes::LEGACY_DECODED_KEY, "STANDARD | LEGACY_DECODED_KEY"),
            (Schemes::V2_CANONICAL, "V2 | V2_CANONICAL"),
        ] {
            assert_eq!(format!("{schemes:?}"), printed);
        }
    }

    #[test]
    fn the_canonical_form_is_never_accepted_without_being_asked_for() {
        assert!(Schemes::V2_CANONICAL.contains(Schemes::V2));
        assert!(!(Schemes::V3 | Schemes::V2).contains(Schemes::V2_CANONICAL));
        assert!(!Schemes::V3.intersects(Schemes::V2_CANONICAL | Schemes::LEGACY_DECODED_KEY));
    }
}

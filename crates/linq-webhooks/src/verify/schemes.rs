use std::{fmt, ops::BitOr};

/// The set of schemes that a secret is accepted for. Sets are joined with `|`.
///
/// The headers of a delivery select one scheme, and only that scheme is checked. If it fails, no other scheme is
/// tried:
///
/// 1. If all three `webhook-*` headers are present and the secret has a key for [`STANDARD`](Self::STANDARD), that
///    scheme is selected.
/// 2. Otherwise, if `x-webhook-timestamp` and `x-webhook-signature` are present, [`LEGACY`](Self::LEGACY) is
///    selected. The signature is plain hex.
/// 3. Otherwise, if `x-webhook-signature` is present and `x-webhook-timestamp`, `webhook-timestamp` and
///    `webhook-signature` are all absent, [`V2`](Self::V2) is selected. The signature is hex with the prefix
///    `sha256=`.
///
/// A delivery with a timestamp is therefore never checked as V2, which has none. An empty `webhook-id` is absent.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::{Schemes, Verifier};
///
/// // V3 and V2 subscriptions that share one URL:
/// let verifier = Verifier::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?
///     .and_secret_for(Schemes::V2, "the secret of the V2 subscription")?;
/// # drop(verifier);
/// # Ok::<(), linq_webhooks::InvalidSecret>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Schemes(u8);

impl Schemes {
    /// [`Scheme::Standard`](crate::Scheme::Standard). The key is the base64-decoded text after `whsec_`.
    pub const STANDARD: Self = Self(1);
    /// [`Scheme::Legacy`](crate::Scheme::Legacy). The key is the complete text of the secret, including `whsec_`.
    pub const LEGACY: Self = Self(1 << 1);
    /// [`STANDARD`](Self::STANDARD) and [`LEGACY`](Self::LEGACY), which sign V3 webhooks. This is the default.
    pub const V3: Self = Self(Self::STANDARD.0 | Self::LEGACY.0);
    /// [`Scheme::V2`](crate::Scheme::V2). The key is the text chosen when subscribing. It is never decoded, even if
    /// it starts with `whsec_`.
    pub const V2: Self = Self(1 << 2);
    /// [`V2`](Self::V2), also for bodies whose JSON a proxy has rewritten.
    ///
    /// If the signature does not match the body as received, it is checked against the canonical form: keys sorted
    /// at every level, the last of duplicate keys kept, no whitespace, minimal escapes, numbers unchanged. If that
    /// matches, the canonical form becomes the body of [`Verified`](crate::Verified), so only signed data is parsed.
    pub const V2_CANONICAL: Self = Self(Self::V2.0 | 1 << 3);

    /// Returns `true` if this set contains all of `others`.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    pub(super) const fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// Returns [`Schemes::V3`].
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
        const NAMES: [(Schemes, &str); 4] = [
            (Schemes::STANDARD, "STANDARD"),
            (Schemes::LEGACY, "LEGACY"),
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
    fn debug_prints_the_names_of_the_schemes_in_the_set() {
        for (schemes, printed) in [
            (Schemes::default(), "STANDARD | LEGACY"),
            (Schemes::V3 | Schemes::V2, "STANDARD | LEGACY | V2"),
            (Schemes::V2_CANONICAL, "V2 | V2_CANONICAL"),
        ] {
            assert_eq!(format!("{schemes:?}"), printed);
        }
    }

    #[test]
    fn v2_canonical_includes_v2_and_is_included_by_no_other_set() {
        assert!(Schemes::V2_CANONICAL.contains(Schemes::V2));
        assert!(!(Schemes::V3 | Schemes::V2).contains(Schemes::V2_CANONICAL));
        assert!(!Schemes::V3.intersects(Schemes::V2_CANONICAL));
    }
}

use std::{fmt, io};

/// The credential of the page, for the control endpoints only. It is random, whatever the seed.
pub(crate) struct PageToken(String);

impl PageToken {
    pub(crate) fn random() -> io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bytes))))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_128_random_bits_and_is_not_printed() {
        let [one, other] = [(); 2].map(|()| PageToken::random().unwrap());
        assert_eq!(one.expose().len(), 32);
        assert_ne!(one.expose(), other.expose());
        assert_eq!(format!("{one:?}"), "PageToken(..)");
    }
}

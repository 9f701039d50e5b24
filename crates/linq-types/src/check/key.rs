use super::{Check, Rule, Violation, require};
use crate::IdempotencyKey;

const MAX_CHARS: usize = 255;

impl Check for IdempotencyKey {
    fn check(&self) -> Result<(), Violation> {
        require(self.as_str().chars().count() <= MAX_CHARS, Rule::IdempotencyKeyLength, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_at_most_255_characters() {
        assert_eq!(IdempotencyKey::from("é".repeat(255)).check(), Ok(()));
        let violation = IdempotencyKey::from("é".repeat(256)).check().unwrap_err();
        assert_eq!(violation, Violation::new(Rule::IdempotencyKeyLength));
    }
}

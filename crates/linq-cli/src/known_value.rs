//! Values of which the names are known: effects, reactions, event types.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use linq::types::{
    events::EventType,
    messages::ThreadOrder,
    parts::{Effect, EffectName},
    reactions::ReactionType,
};

/// Parses one of the known names. Another one is a usage error with the names and the most similar one.
#[derive(Clone)]
pub(crate) struct KnownValue<T> {
    names: Vec<&'static str>,
    value: fn(&str) -> T,
}

/// Returns the parser for the names of effects.
pub(crate) fn effect() -> KnownValue<Effect> {
    let names = Effect::KNOWN.iter().filter_map(|effect| effect.name.as_ref()).map(EffectName::as_str);
    KnownValue {
        names: names.collect(),
        value: |name| {
            let mut known = Effect::KNOWN.iter();
            let effect = known.find(|effect| effect.name.as_ref().is_some_and(|known| known == name));
            effect.unwrap_or(&Effect::CONFETTI).clone()
        },
    }
}

/// Returns the parser for the names of reactions.
pub(crate) fn reaction_type() -> KnownValue<ReactionType> {
    KnownValue {
        names: ReactionType::KNOWN.iter().map(ReactionType::as_str).collect(),
        value: |name| name.into(),
    }
}

/// Returns the parser for the orders of a list.
pub(crate) fn order() -> KnownValue<ThreadOrder> {
    KnownValue {
        names: ThreadOrder::KNOWN.iter().map(ThreadOrder::as_str).collect(),
        value: |name| name.into(),
    }
}

/// Returns the parser for the names of the event types of V3.
pub(crate) fn event_type() -> KnownValue<EventType> {
    KnownValue { names: EventType::KNOWN.iter().map(EventType::as_str).collect(), value: |name| name.into() }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for KnownValue<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        // A list may have spaces after its commas.
        let trimmed = value.to_str().map_or(value, |value| OsStr::new(value.trim()));
        let parser = PossibleValuesParser::new(self.names.iter().copied());
        let name = parser.parse_ref(command, argument, trimmed)?;
        Ok((self.value)(&name))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().copied().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use linq::types::parts::EffectKind;

    use super::*;

    fn parse<T: Clone + Send + Sync + 'static>(parser: &KnownValue<T>, text: &str) -> Result<T, Error> {
        parser.parse_ref(&Command::new("linq"), None, OsStr::new(text))
    }

    #[test]
    fn every_effect_has_its_kind() {
        for known in Effect::KNOWN {
            let name = known.name.as_ref().unwrap();
            assert_eq!(parse(&effect(), name.as_str()).unwrap(), *known);
        }
        assert_eq!(parse(&effect(), "slam").unwrap().kind, Some(EffectKind::Bubble));
        assert_eq!(Effect::KNOWN.len(), EffectName::KNOWN.len());
    }

    #[test]
    fn spaces_around_a_name_do_not_count_and_unknown_names_are_refused() {
        assert_eq!(parse(&event_type(), " message.sent").unwrap(), EventType::MessageSent);
        assert!(parse(&event_type(), "message.invented").is_err());
        assert!(parse(&reaction_type(), "").is_err());
    }
}

//! Values of which the names are known: effects, reactions, event types.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use linq::types::parts::{Effect, EffectName};

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

impl<T: Clone + Send + Sync + 'static> TypedValueParser for KnownValue<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let parser = PossibleValuesParser::new(self.names.iter().copied());
        let name = parser.parse_ref(command, argument, value)?;
        Ok((self.value)(&name))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().copied().map(PossibleValue::new)))
    }
}

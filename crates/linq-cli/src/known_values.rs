//! Values that shells complete, of arguments that take others, too.

use std::{error::Error, ffi::OsStr, marker::PhantomData, str::FromStr};

use clap::{
    Arg, Command,
    builder::{PossibleValue, StringValueParser, TypedValueParser},
};

/// Parses any text, and offers the known values for completion.
pub(crate) struct KnownValues<T> {
    values: fn() -> Vec<&'static str>,
    parsed: PhantomData<fn() -> T>,
}

impl<T> KnownValues<T> {
    pub(crate) fn new(values: fn() -> Vec<&'static str>) -> Self {
        Self { values, parsed: PhantomData }
    }
}

impl<T> Clone for KnownValues<T> {
    fn clone(&self) -> Self {
        Self::new(self.values)
    }
}

impl<T> TypedValueParser for KnownValues<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        StringValueParser::new().try_map(|text| text.parse::<T>()).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.values)().into_iter().map(PossibleValue::new)))
    }
}

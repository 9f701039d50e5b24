use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Path, Result, Type, meta, parse::Parser as _};

const OPTIONS: &str = "invalid option; expected `error = Type` or `crate = path`";

/// The options in `#[linq_handler(..)]`.
pub(crate) struct Options {
    pub(crate) error: TokenStream,
    pub(crate) krate: TokenStream,
}

impl Options {
    /// Returns the defaults.
    pub(crate) fn new(krate: TokenStream) -> Self {
        let error =
            quote!(::std::boxed::Box<dyn ::std::error::Error + ::core::marker::Send + ::core::marker::Sync>);
        Self { error, krate }
    }

    pub(crate) fn parse(tokens: TokenStream, krate: TokenStream) -> Result<Self> {
        let mut options = Self::new(krate);
        let parser = meta::parser(|option| {
            let value = || option.value().map_err(|_| option.error(OPTIONS));
            if option.path.is_ident("error") {
                options.error = value()?.parse::<Type>()?.into_token_stream();
            } else if option.path.is_ident("crate") {
                options.krate = value()?.call(Path::parse_mod_style)?.into_token_stream();
            } else {
                return Err(option.error(OPTIONS));
            }
            Ok(())
        });
        parser.parse2(tokens)?;
        Ok(options)
    }
}

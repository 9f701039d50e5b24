use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Path, Result, Type, meta, parse::Parser as _};

/// What stands in the parentheses of `#[linq_handler(..)]`.
pub(crate) struct Options {
    pub(crate) error: TokenStream,
    pub(crate) krate: TokenStream,
}

impl Options {
    pub(crate) fn parse(tokens: TokenStream, krate: TokenStream) -> Result<Self> {
        let error =
            quote!(::std::boxed::Box<dyn ::std::error::Error + ::core::marker::Send + ::core::marker::Sync>);
        let mut options = Self { error, krate };
        let parser = meta::parser(|option| {
            if option.path.is_ident("error") {
                options.error = option.value()?.parse::<Type>()?.into_token_stream();
            } else if option.path.is_ident("crate") {
                options.krate = option.value()?.call(Path::parse_mod_style)?.into_token_stream();
            } else {
                return Err(option.error("the options are `error = Type` and `crate = path`"));
            }
            Ok(())
        });
        parser.parse2(tokens)?;
        Ok(options)
    }
}

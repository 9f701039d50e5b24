//! `#[linq_handler]`, the macro of `linq-webhooks`. Use it through `linq-webhooks`, or through the `linq` facade.

use proc_macro::TokenStream;
use quote::quote;

mod block;
mod function;
mod handler;
mod method;
mod options;
mod signature;

#[doc = include_str!("linq_handler.md")]
#[proc_macro_attribute]
pub fn linq_handler(options: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(options.into(), item.into(), quote!(::linq_webhooks)).into()
}

// The same for users of the facade, who do not depend on `linq-webhooks`.
#[doc = include_str!("linq_handler.md")]
#[doc(hidden)]
#[proc_macro_attribute]
pub fn linq_handler_facade(options: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(options.into(), item.into(), quote!(::linq::webhooks)).into()
}

//! `#[linq_handler]`, the macro of `linq-webhooks`. Use it from there, or from the `linq` facade.

use proc_macro::TokenStream;
use quote::quote;

mod block;
mod function;
mod handler;
mod method;
mod options;
mod signature;

/// Implements `EventHandler` for a type with one method per event.
///
/// * Mark the methods with `#[on]`. Each takes `&self` and the event: a payload, `Event<Payload>`, or `Event`
///   for what no other method takes. The type of the parameter routes the event, nothing else does.
/// * They may be `async` or not, and return `()` or `Result<(), E>`.
/// * `#[linq_handler(error = BotError)]` sets the error of the handler; it is
///   `Box<dyn Error + Send + Sync>` unless set. The methods' own errors are converted to it.
/// * `#[linq_handler(crate = path)]` names the crate where it is known by another name.
/// * Events that no method takes are ignored: the service is told that they arrived.
///
/// Methods without `#[on]` stay as they are.
#[proc_macro_attribute]
pub fn linq_handler(options: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(options.into(), item.into(), quote!(::linq_webhooks)).into()
}

/// The same for users of the facade, who do not depend on `linq-webhooks` themselves.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn linq_handler_facade(options: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(options.into(), item.into(), quote!(::linq::webhooks)).into()
}

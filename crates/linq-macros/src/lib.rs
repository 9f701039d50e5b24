//! `#[linq_handler]`, the macro of `linq-webhooks`. Use it from there, or from the `linq` facade.

use proc_macro::TokenStream;
use quote::quote;

mod block;
mod function;
mod handler;
mod method;
mod options;
mod signature;

/// Hands webhook events to methods or functions, by the type of their parameter.
///
/// # On an `impl` block
///
/// It implements `EventHandler` for the type:
///
/// * Mark the methods with `#[on]`. Each takes `&self` and the event: a payload of any format, `Event<Payload>`, or
///   `Event` for what no other method takes. The type of the parameter routes the event, nothing else does.
/// * They may be `async` or not, and return `()` or `Result<(), E>`.
/// * The handler's future is `Send` if your code is; nothing is boxed.
/// * Events that no method takes are ignored: the service is told that they arrived.
/// * `EVENTS` of the handler lists what the methods take.
///
/// Methods without `#[on]` stay as they are. Two methods for the same events do not compile, under whatever names.
/// The types of a generic handler are not compared with each other: there the first method that fits takes the event.
///
/// # On a function
///
/// It leaves the function as it is, to be called in tests, and checks that a `Router` will take it:
///
/// * The first parameter is the event, as above. The second, if there is one, is the state of the router, which is
///   `Clone`, `Send`, `Sync` and `'static`: an `Arc` mostly.
/// * It may be `async` or not, and returns `()` or `Result<(), E>`. Its future is `Send`.
///
/// A mistake is then an error here, at the word that is wrong, and not at `Router::on`.
///
/// # Options
///
/// * `#[linq_handler(error = BotError)]` sets the error of the handler, or of the router that takes the function; it
///   is `Box<dyn Error + Send + Sync>` unless set. The methods' and functions' own errors are converted to it.
/// * `#[linq_handler(crate = path)]` names the crate where it is known by another name: `linq_webhooks`, or the module
///   `webhooks` of the facade.
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

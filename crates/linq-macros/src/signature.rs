//! What methods and functions have in common as handlers.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{
    Attribute, Error, FnArg, GenericParam, Ident, Result, ReturnType, Safety, Signature, Type, parse_quote,
};

/// Refuses what cannot be called, or returns what says too little.
pub(crate) fn check(signature: &Signature) -> Result<()> {
    if let Safety::Unsafe(token) = &signature.safety {
        return Err(Error::new_spanned(token, "safe code calls the handlers: keep what is `unsafe` inside"));
    }
    match &signature.output {
        ReturnType::Type(_, output) if matches!(**output, Type::ImplTrait(_)) => Err(Error::new_spanned(
            output,
            "return `()` or `Result<(), E>`; where that takes a future, write `async fn`",
        )),
        _ => Ok(()),
    }
}

/// The type of the parameter that is the event.
pub(crate) fn event(parameter: &FnArg) -> Result<&Type> {
    by_value(parameter, "take the event by value: it is yours", "name the type of the event")
}

/// The type of the parameter that is the state.
pub(crate) fn state(parameter: &FnArg) -> Result<&Type> {
    let shared = "take the state by value: a `Router` clones it for each event, so keep it in an `Arc`";
    by_value(parameter, shared, "name the type of the state")
}

fn by_value<'a>(parameter: &'a FnArg, borrowed: &str, unnamed: &str) -> Result<&'a Type> {
    let FnArg::Typed(parameter) = parameter else {
        return Err(Error::new_spanned(
            parameter,
            "`#[linq_handler]` goes on the whole `impl` block, and `#[on]` on this method",
        ));
    };
    match &*parameter.ty {
        Type::Reference(_) => Err(Error::new_spanned(&parameter.ty, borrowed)),
        Type::ImplTrait(_) => Err(Error::new_spanned(&parameter.ty, unnamed)),
        named => Ok(named),
    }
}

pub(crate) fn type_parameter_of_event(parameter: &GenericParam) -> Error {
    Error::new_spanned(
        parameter,
        "a handler takes one kind of event: name its type instead of a type parameter",
    )
}

/// Whether a type mentions a type parameter, a constant or a lifetime.
pub(crate) fn mentions(ty: &Type, parameter: &GenericParam) -> bool {
    let name = match parameter {
        GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        GenericParam::Type(parameter) => &parameter.ident,
        GenericParam::Const(parameter) => &parameter.ident,
    };
    contains(ty.to_token_stream(), name)
}

fn contains(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => contains(group.stream(), name),
        _ => false,
    })
}

/// The conditions under which an item exists; what is made of it exists under the same.
pub(crate) fn conditions(attributes: &[Attribute]) -> TokenStream {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote!(#(#conditions)*)
}

/// Clippy would have the event borrowed, which is not possible.
pub(crate) fn allow_by_value(attributes: &mut Vec<Attribute>) {
    attributes.push(parse_quote!(#[allow(clippy::needless_pass_by_value)]));
}

/// Takes the marks out.
pub(crate) fn take_mark(attributes: &mut Vec<Attribute>) -> Option<Attribute> {
    attributes.extract_if(.., |attribute| attribute.path().is_ident("on")).last()
}

//! Checks that handler methods and handler functions share.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{
    Attribute, Error, FnArg, GenericArgument, GenericParam, Ident, Path, PathArguments, Result, ReturnType,
    Safety, Signature, Type, parse_quote,
};

/// The type of the keys, which is known by its name like that of every event.
const KEYS: &str = "EventKeys";

/// The type of a burst.
const BURST: &str = "Vec";

/// What a handler takes as its event.
#[derive(Clone, Copy)]
pub(crate) struct Taken<'a> {
    /// The type of the event.
    pub(crate) event: &'a Type,
    /// The type of the parameter, if it is a `Vec` of events.
    pub(crate) burst: Option<&'a Type>,
}

/// Rejects `unsafe` functions and opaque return types.
pub(crate) fn check(signature: &Signature) -> Result<()> {
    if let Safety::Unsafe(token) = &signature.safety {
        return Err(Error::new_spanned(token, "handlers cannot be `unsafe`; use an `unsafe` block inside"));
    }
    match &signature.output {
        ReturnType::Type(_, output) if matches!(**output, Type::ImplTrait(_)) => Err(Error::new_spanned(
            output,
            "a handler returns `()` or `Result<(), E>`; use `async fn` to return a future",
        )),
        _ => Ok(()),
    }
}

/// Reads the event parameter.
pub(crate) fn event(parameter: &FnArg) -> Result<Taken<'_>> {
    const BORROWED: &str = "a handler takes the event by value; remove the `&`";
    const UNNAMED: &str = "a handler needs a concrete event type";
    if let FnArg::Typed(typed) = parameter
        && let Type::Reference(reference) = &*typed.ty
        && (matches!(*reference.elem, Type::Slice(_)) || element(&reference.elem).is_some())
    {
        return Err(Error::new_spanned(
            &typed.ty,
            "a handler takes the events of a burst as a `Vec`, by value",
        ));
    }
    let taken = by_value(parameter, BORROWED, UNNAMED)?;
    match element(taken) {
        None => Ok(Taken { event: taken, burst: None }),
        Some(event) => Ok(Taken { event: concrete(event, BORROWED, UNNAMED)?, burst: Some(taken) }),
    }
}

/// Returns the type of the elements of a `Vec`.
fn element(ty: &Type) -> Option<&Type> {
    let last = path(ty)?.segments.last().filter(|last| last.ident == BURST)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (arguments.args.len(), arguments.args.first()?) {
        (1, GenericArgument::Type(element)) => Some(element),
        _ => None,
    }
}

/// Returns the type of the state parameter.
pub(crate) fn state(parameter: &FnArg) -> Result<&Type> {
    let shared = "a handler takes a clone of the state by value; use an `Arc`";
    by_value(parameter, shared, "a handler needs a concrete state type")
}

/// Returns the type of a parameter that takes the keys of the event; `None` for any other parameter.
pub(crate) fn keys(parameter: &FnArg) -> Result<Option<&Type>> {
    let FnArg::Typed(typed) = parameter else { return Ok(None) };
    let named = match &*typed.ty {
        Type::Reference(reference) => &*reference.elem,
        named => named,
    };
    if path(named).and_then(|path| path.segments.last()).is_none_or(|last| last.ident != KEYS) {
        return Ok(None);
    }
    by_value(parameter, "a handler takes `EventKeys` by value; remove the `&`", "").map(Some)
}

/// Returns the path of a type that is named by one.
pub(crate) fn path(named: &Type) -> Option<&Path> {
    match named {
        Type::Path(named) => Some(&named.path),
        Type::Group(group) => path(&group.elem),
        Type::Paren(paren) => path(&paren.elem),
        _ => None,
    }
}

fn by_value<'a>(parameter: &'a FnArg, borrowed: &str, unnamed: &str) -> Result<&'a Type> {
    let FnArg::Typed(parameter) = parameter else {
        return Err(Error::new_spanned(
            parameter,
            "`#[linq_handler]` cannot be used on a method; put it on the `impl` block, and `#[on]` on this method",
        ));
    };
    concrete(&parameter.ty, borrowed, unnamed)
}

/// Rejects references and opaque types.
fn concrete<'a>(ty: &'a Type, borrowed: &str, unnamed: &str) -> Result<&'a Type> {
    match ty {
        Type::Reference(_) => Err(Error::new_spanned(ty, borrowed)),
        Type::ImplTrait(_) => Err(Error::new_spanned(ty, unnamed)),
        named => Ok(named),
    }
}

pub(crate) fn type_parameter_of_event(parameter: &GenericParam) -> Error {
    Error::new_spanned(parameter, "a handler needs a concrete event type instead of a type parameter")
}

/// Returns `true` if the type mentions a type parameter, const parameter or lifetime.
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

/// Returns the `cfg` attributes of an item, to be repeated on the code generated for it.
pub(crate) fn conditions(attributes: &[Attribute]) -> TokenStream {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote!(#(#conditions)*)
}

/// Allows taking the event by value, which clippy otherwise lints if the event is not consumed.
pub(crate) fn allow_by_value(attributes: &mut Vec<Attribute>) {
    attributes.push(parse_quote!(#[allow(clippy::needless_pass_by_value)]));
}

/// Removes the `#[on]` attributes and returns the last one.
pub(crate) fn take_mark(attributes: &mut Vec<Attribute>) -> Option<Attribute> {
    attributes.extract_if(.., |attribute| attribute.path().is_ident("on")).last()
}

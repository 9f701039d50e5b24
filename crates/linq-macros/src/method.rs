use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::{
    Attribute, Error, FnArg, GenericArgument, GenericParam, Ident, ImplItem, ImplItemFn, ItemImpl, Meta,
    PathArguments, ReceiverKind, Result, ReturnType, Type, spanned::Spanned as _,
};

use crate::signature::{self, Taken};

const ANY_EVENT: &str = "Event";

/// A method marked with `#[on]`.
pub(crate) struct Method {
    pub(crate) name: Ident,
    /// The type of the event.
    pub(crate) event: Type,
    /// The type of the event parameter, if it is a `Vec` of events.
    pub(crate) burst: Option<Type>,
    /// The type of the parameter for the keys of the event, if there is one.
    pub(crate) keys: Option<Type>,
    pub(crate) is_async: bool,
    /// The span of the return type.
    pub(crate) output: Span,
    /// The `cfg` attributes of the method.
    pub(crate) conditions: TokenStream,
}

impl Method {
    /// Removes the `#[on]` attributes from the block and reads the methods that had one. The methods for particular
    /// events come first.
    pub(crate) fn take_marked(block: &mut ItemImpl) -> (Vec<Self>, Vec<Error>) {
        let (mut methods, mut errors) = (Vec::new(), Vec::new());
        for item in &mut block.items {
            let Some(mark) = take_mark(item) else { continue };
            match Self::read(item, &mark) {
                Ok(method) => methods.push(method),
                Err(error) => errors.push(error),
            }
        }
        if methods.is_empty() && errors.is_empty() {
            let message = "missing `#[on]`; put it on each method that handles events";
            errors.push(Error::new_spanned(&block.self_ty, message));
        }
        methods.sort_by_key(Self::takes_any_event);
        errors.extend(repetitions(&methods));
        (methods, errors)
    }

    fn read(item: &mut ImplItem, mark: &Attribute) -> Result<Self> {
        if !matches!(mark.meta, Meta::Path(_)) {
            let message = "unexpected argument; the type of the parameter selects the event";
            return Err(Error::new_spanned(mark, message));
        }
        let ImplItem::Fn(function) = item else {
            return Err(Error::new_spanned(mark, "`#[on]` is only for methods"));
        };
        signature::allow_by_value(&mut function.attrs);
        let signature = &function.sig;
        signature::check(signature)?;
        if let Some(parameter) =
            signature.generics.params.iter().find(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        {
            return Err(signature::type_parameter_of_event(parameter));
        }
        let (Taken { event, burst }, keys) = parameters_of(function)?;
        Ok(Self {
            name: signature.ident.clone(),
            event: event.clone(),
            burst: burst.cloned(),
            keys: keys.cloned(),
            is_async: signature.asyncness.is_some(),
            output: match &signature.output {
                ReturnType::Default => signature.ident.span(),
                ReturnType::Type(_, output) => output.span(),
            },
            conditions: signature::conditions(&function.attrs),
        })
    }

    /// Returns `true` if the method takes the events that no other method takes.
    pub(crate) fn takes_any_event(&self) -> bool {
        signature::path(&self.event)
            .and_then(|path| path.segments.last())
            .is_some_and(|last| last.ident == ANY_EVENT && last.arguments.is_none())
    }

    /// Returns `true` if both methods take the same events, as far as the tokens show.
    pub(crate) fn repeats(&self, earlier: &Self) -> bool {
        let unconditional = self.conditions.is_empty() && earlier.conditions.is_empty();
        let both_take_any = self.takes_any_event() && earlier.takes_any_event();
        unconditional && (both_take_any || self.payload() == earlier.payload())
    }

    /// The error message if both methods take the same events.
    pub(crate) fn repetition(&self, earlier: &Self) -> String {
        format!("`{}` is already handled by `{}`; handle it in one method", self.payload(), earlier.name)
    }

    /// Returns `events::MessageRead` for `events::MessageRead` and for `Event<events::MessageRead>`.
    fn payload(&self) -> String {
        payload(&self.event).to_token_stream().to_string().replace(' ', "")
    }
}

fn take_mark(item: &mut ImplItem) -> Option<Attribute> {
    signature::take_mark(match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Fn(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => &mut item.attrs,
        _ => return None,
    })
}

/// Returns the types of the parameters after `&self`: the event, and the keys if the method takes them.
fn parameters_of(function: &ImplItemFn) -> Result<(Taken<'_>, Option<&Type>)> {
    let mut inputs = function.sig.inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(receiver)) if matches!(receiver.kind, ReceiverKind::Reference(_, _, None)) => {}
        Some(FnArg::Receiver(receiver)) => {
            return Err(Error::new_spanned(
                receiver,
                "expected `&self`, because events are handled concurrently",
            ));
        }
        _ => return Err(Error::new_spanned(&function.sig, "expected `&self` and the event as parameters")),
    }
    let Some(event) = inputs.next() else {
        return Err(Error::new_spanned(&function.sig, "expected `&self` and the event as parameters"));
    };
    let event = signature::event(event)?;
    let Some(second) = inputs.next() else { return Ok((event, None)) };
    let keys = signature::keys(second)?;
    let extra = if keys.is_some() { inputs.next() } else { Some(second) };
    match extra {
        Some(extra) => {
            let message = "unexpected parameter; a handler takes only `&self`, the event and optionally `EventKeys`, \
                           so move it into `self`";
            Err(Error::new_spanned(extra, message))
        }
        None => Ok((event, keys)),
    }
}

fn repetitions(methods: &[Method]) -> Vec<Error> {
    let mut errors = Vec::new();
    for (at, method) in methods.iter().enumerate() {
        if let Some(earlier) = methods[..at].iter().find(|earlier| method.repeats(earlier)) {
            errors.push(Error::new_spanned(&method.event, method.repetition(earlier)));
            errors.push(Error::new_spanned(&earlier.event, "first handled here"));
        }
    }
    errors
}

/// Returns the type argument of `Event`, or the type itself.
fn payload(event: &Type) -> &Type {
    let arguments = signature::path(event)
        .and_then(|path| path.segments.last())
        .filter(|last| last.ident == ANY_EVENT)
        .map(|last| &last.arguments);
    match arguments {
        Some(PathArguments::AngleBracketed(arguments)) => match arguments.args.first() {
            Some(GenericArgument::Type(payload)) => payload,
            _ => event,
        },
        _ => event,
    }
}

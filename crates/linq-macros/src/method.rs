use proc_macro2::Span;
use syn::{
    Attribute, Error, FnArg, GenericArgument, GenericParam, Ident, ImplItem, ImplItemFn, ItemImpl, Meta,
    PathArguments, ReceiverKind, Result, ReturnType, Type, parse_quote, spanned::Spanned as _,
};

const ANY_EVENT: &str = "Event";

/// A method marked with `#[on]`.
pub(crate) struct Method {
    pub(crate) name: Ident,
    /// The type of its event.
    pub(crate) event: Type,
    pub(crate) is_async: bool,
    /// Where its return type stands.
    pub(crate) output: Span,
    /// The conditions under which it exists.
    pub(crate) cfgs: Vec<Attribute>,
}

impl Method {
    /// Takes the marks out of the block and reads the methods that had one, those for particular events first.
    pub(crate) fn take_marked(block: &mut ItemImpl) -> (Vec<Self>, Vec<Error>) {
        let (mut methods, mut errors) = (Vec::new(), Vec::new());
        for item in &mut block.items {
            let Some(mark) = take_mark(item) else { continue };
            match Self::read(item, &mark) {
                Ok(method) => {
                    allow_by_value(item);
                    methods.push(method);
                }
                Err(error) => errors.push(error),
            }
        }
        if methods.is_empty() && errors.is_empty() {
            let message = "no method has `#[on]`: mark the methods that handle events with it";
            errors.push(Error::new_spanned(&block.self_ty, message));
        }
        methods.sort_by_key(Self::takes_any_event);
        errors.extend(duplicates(&methods));
        (methods, errors)
    }

    fn read(item: &ImplItem, mark: &Attribute) -> Result<Self> {
        if !matches!(mark.meta, Meta::Path(_)) {
            return Err(Error::new_spanned(
                mark,
                "`#[on]` takes no arguments: the event is the type of the parameter",
            ));
        }
        let ImplItem::Fn(function) = item else {
            return Err(Error::new_spanned(mark, "`#[on]` goes on a method"));
        };
        let signature = &function.sig;
        if let Some(parameter) =
            signature.generics.params.iter().find(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        {
            return Err(Error::new_spanned(
                parameter,
                "a handler takes one kind of event: name its type instead of a type parameter",
            ));
        }
        let output = match &signature.output {
            ReturnType::Default => signature.ident.span(),
            ReturnType::Type(_, output) => output.span(),
        };
        Ok(Self {
            name: signature.ident.clone(),
            event: event_of(function)?,
            is_async: signature.asyncness.is_some(),
            output,
            cfgs: function
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("cfg"))
                .cloned()
                .collect(),
        })
    }

    /// Whether it takes whatever event no other method took.
    pub(crate) fn takes_any_event(&self) -> bool {
        payload_name(&self.event).is_some_and(|name| name == ANY_EVENT)
    }
}

fn take_mark(item: &mut ImplItem) -> Option<Attribute> {
    let attributes = match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Fn(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => &mut item.attrs,
        _ => return None,
    };
    attributes.extract_if(.., |attribute| attribute.path().is_ident("on")).last()
}

/// Clippy would have the event borrowed, which is not possible.
fn allow_by_value(item: &mut ImplItem) {
    if let ImplItem::Fn(function) = item {
        function.attrs.push(parse_quote!(#[allow(clippy::needless_pass_by_value)]));
    }
}

/// The type of the one parameter after `&self`.
fn event_of(function: &ImplItemFn) -> Result<Type> {
    let mut inputs = function.sig.inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(receiver)) if matches!(receiver.kind, ReceiverKind::Reference(_, _, None)) => {}
        Some(FnArg::Receiver(receiver)) => {
            return Err(Error::new_spanned(
                receiver,
                "take `&self`: several webhooks may be handled at the same time",
            ));
        }
        _ => return Err(Error::new_spanned(&function.sig, "a handler takes `&self` and the event")),
    }
    let Some(FnArg::Typed(event)) = inputs.next() else {
        return Err(Error::new_spanned(&function.sig, "a handler takes `&self` and the event"));
    };
    if let Some(extra) = inputs.next() {
        return Err(Error::new_spanned(
            extra,
            "a handler takes only `&self` and the event; keep other state in `self`",
        ));
    }
    match &*event.ty {
        Type::Reference(_) => Err(Error::new_spanned(&event.ty, "take the event by value: it is yours")),
        Type::ImplTrait(_) => Err(Error::new_spanned(&event.ty, "name the type of the event")),
        _ => Ok((*event.ty).clone()),
    }
}

/// The methods whose event an earlier one takes, as far as the text tells.
fn duplicates(methods: &[Method]) -> Vec<Error> {
    let mut errors = Vec::new();
    for (at, method) in methods.iter().enumerate() {
        let name = payload_name(&method.event);
        let same = |earlier: &&Method| {
            name.is_some()
                && payload_name(&earlier.event) == name
                && earlier.cfgs.is_empty()
                && method.cfgs.is_empty()
        };
        if let (Some(name), Some(earlier)) = (name, methods[..at].iter().find(same)) {
            let message = format!("`{name}` is already handled by `{}`", earlier.name);
            errors.push(Error::new_spanned(&method.event, message));
            errors.push(Error::new_spanned(&earlier.event, "first handled here"));
        }
    }
    errors
}

/// `MessageRead` for `MessageRead`, `events::MessageRead` and `Event<MessageRead>`.
fn payload_name(event: &Type) -> Option<&Ident> {
    let path = match event {
        Type::Path(path) => &path.path,
        Type::Group(group) => return payload_name(&group.elem),
        Type::Paren(paren) => return payload_name(&paren.elem),
        _ => return None,
    };
    let last = path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == ANY_EVENT => {
            match arguments.args.first()? {
                GenericArgument::Type(payload) => payload_name(payload),
                _ => None,
            }
        }
        _ => Some(&last.ident),
    }
}

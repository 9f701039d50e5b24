//! `#[linq_handler]` on a function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Error, ItemFn, Result, ReturnType, Type, spanned::Spanned as _};

use crate::{
    options::Options,
    signature::{self, Taken},
};

/// Keeps the function unchanged, and generates a check that a `Router` accepts it.
pub(crate) fn expand(function: &mut ItemFn, options: Options) -> (TokenStream, Vec<Error>) {
    let mark = signature::take_mark(&mut function.attrs).map(|mark| {
        Error::new_spanned(mark, "`#[on]` is for methods; remove it and pass the function to `Router::on`")
    });
    signature::allow_by_value(&mut function.attrs);
    match Function::read(function, options) {
        Ok(function) => (function.check(), mark.into_iter().collect()),
        Err(error) => (TokenStream::new(), mark.into_iter().chain([error]).collect()),
    }
}

struct Function<'a> {
    function: &'a ItemFn,
    taken: Taken<'a>,
    keys: Option<&'a Type>,
    state: Option<&'a Type>,
    options: Options,
}

impl<'a> Function<'a> {
    fn read(function: &'a ItemFn, options: Options) -> Result<Self> {
        let signature = &function.sig;
        signature::check(signature)?;
        let mut parameters = signature.inputs.iter().peekable();
        let Some(event) = parameters.next() else {
            let message =
                "missing event parameter; a handler takes an event, and optionally `EventKeys` and the state";
            return Err(Error::new_spanned(signature, message));
        };
        let taken = signature::event(event)?;
        let keys = parameters.peek().map(|&second| signature::keys(second)).transpose()?.flatten();
        if keys.is_some() {
            parameters.next();
        }
        let state = parameters.next().map(signature::state).transpose()?;
        if let Some(extra) = parameters.next() {
            let message = "unexpected parameter; a handler takes only the event, `EventKeys` and the state, in this order, \
                           so move it into the state";
            return Err(Error::new_spanned(extra, message));
        }
        match signature.generics.params.iter().find(|parameter| signature::mentions(taken.event, parameter)) {
            Some(parameter) => Err(signature::type_parameter_of_event(parameter)),
            None => Ok(Self { function, taken, keys, state, options }),
        }
    }

    /// Generates a function that is never called and does what a `Router` does. Each step has the span of the user's
    /// code that it depends on.
    fn check(&self) -> TokenStream {
        let signature = &self.function.sig;
        let conditions = signature::conditions(&self.function.attrs);
        let name = format_ident!("__check_{}", signature.ident);
        let (generics, _, bounds) = signature.generics.split_for_impl();
        let event = self.taken.burst.unwrap_or(self.taken.event);
        let (keys, state) = (self.keys.iter(), self.state.iter());
        let [event_name, keys_name, state_name] = names();
        let checks = [
            self.event_check(),
            self.keys_check(),
            self.state_check(),
            self.output_check(),
            self.future_check(),
        ];
        quote! {
            #conditions
            const _: () = {
                fn #name #generics(#event_name: #event, #(#keys_name: #keys,)* #(#state_name: #state)*) #bounds {
                    #(#checks)*
                }
            };
        }
    }

    fn event_check(&self) -> Option<TokenStream> {
        let (Taken { event, burst }, krate) = (self.taken, &self.options.krate);
        let burst_check = burst.map(|burst| {
            let [mut name, _, _] = names();
            name.set_span(mixed_site_at(burst.span()));
            quote_spanned!(mixed_site_at(burst.span())=> let _: &::std::vec::Vec<#event> = &#name;)
        });
        Some(quote_spanned! {mixed_site_at(event.span())=>
            let _ = <#event as #krate::events::FromEvent>::INTEREST;
            #burst_check
        })
    }

    fn keys_check(&self) -> Option<TokenStream> {
        let (keys, krate) = (self.keys?, &self.options.krate);
        let [_, mut name, _] = names();
        name.set_span(mixed_site_at(keys.span()));
        Some(quote_spanned!(mixed_site_at(keys.span())=> let _: &#krate::events::EventKeys = &#name;))
    }

    fn state_check(&self) -> Option<TokenStream> {
        let state = self.state?;
        let [_, _, mut name] = names();
        name.set_span(mixed_site_at(state.span()));
        Some(quote_spanned! {mixed_site_at(state.span())=>
            let _ = <#state as ::core::clone::Clone>::clone;
            let _ = ::core::any::TypeId::of::<#state>;
            let _: &(dyn ::core::marker::Send + ::core::marker::Sync) = &#name;
        })
    }

    fn output_check(&self) -> Option<TokenStream> {
        let ReturnType::Type(_, output) = &self.function.sig.output else { return None };
        let Options { error, krate } = &self.options;
        Some(quote_spanned! {mixed_site_at(output.span())=>
            let _ = <#output as #krate::IntoOutcome<#error>>::into_outcome;
        })
    }

    fn future_check(&self) -> Option<TokenStream> {
        let signature = &self.function.sig;
        let function = &signature.ident;
        let [event, keys, state] = names();
        let (keys, state) = (self.keys.iter().map(|_| keys.clone()), self.state.map(|_| state));
        signature.asyncness.map(|_| {
            quote_spanned! {mixed_site_at(function.span())=>
                let _: &dyn ::core::marker::Send = &#function(#event, #(#keys,)* #state);
            }
        })
    }
}

/// Returns the names of the parameters in the check.
fn names() -> [Ident; 3] {
    ["_event", "_keys", "_state"].map(|name| Ident::new(name, Span::mixed_site()))
}

fn mixed_site_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

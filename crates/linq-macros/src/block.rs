//! `#[linq_handler]` on an `impl` block.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, ItemImpl, spanned::Spanned as _};

use crate::{method::Method, options::Options, signature};

/// Removes the `#[on]` attributes from the block, and generates the implementation of `EventHandler`.
pub(crate) fn expand(block: &mut ItemImpl, options: Options) -> (TokenStream, Vec<Error>) {
    let (methods, mut errors) = Method::take_marked(block);
    if let Some((implemented, _)) = &block.trait_ {
        let message = "handlers cannot be methods of a trait; move them to an inherent `impl` block";
        errors.push(Error::new_spanned(implemented, message));
        return (TokenStream::new(), errors);
    }
    (Block { block, methods, options }.implementation(), errors)
}

struct Block<'a> {
    block: &'a ItemImpl,
    /// The methods for particular events come first.
    methods: Vec<Method>,
    options: Options,
}

impl Block<'_> {
    fn implementation(&self) -> TokenStream {
        let Options { error, krate } = &self.options;
        let handler = &self.block.self_ty;
        let (generics, _, bounds) = self.block.generics.split_for_impl();
        let conditions = signature::conditions(&self.block.attrs);
        let (event, ignored) = (Ident::new("event", Span::mixed_site()), self.ignored());
        let interests = self.methods.iter().map(|Method { event, conditions, .. }| {
            quote!(#conditions <#event as #krate::events::FromEvent>::INTEREST)
        });
        let arms = self.methods.iter().map(|method| self.arm(method, &event));
        let handle_burst =
            self.methods.iter().any(|method| method.burst.is_some()).then(|| self.handle_burst());
        let checks = (0..self.methods.len()).filter_map(|at| self.check(at));
        quote! {
            #conditions
            #[automatically_derived]
            impl #generics #krate::EventHandler for #handler #bounds {
                type Error = #error;

                const EVENTS: &'static [#krate::events::Interest] = &[#(#interests),*];

                async fn handle(
                    &self,
                    #event: #krate::events::Event,
                ) -> ::core::result::Result<#krate::Outcome, Self::Error> {
                    #(#arms)*
                    ::core::result::Result::Ok(#ignored)
                }

                #handle_burst
            }
            #(#conditions #checks)*
        }
    }

    /// Generates the part of `handle` that calls the method if it takes the event.
    fn arm(&self, method: &Method, event: &Ident) -> TokenStream {
        let krate = &self.options.krate;
        let Method { event: taken, burst, conditions, .. } = method;
        let (keys, ignored) = (self.keys(method, event), self.ignored());
        let burst = burst.as_ref().map(|_| quote!(let #event = ::std::vec![#event];));
        let call = self.call(method, event);
        quote! {
            #conditions
            if <#taken as #krate::events::FromEvent>::matches(&#event) {
                #keys
                return match <#taken as #krate::events::FromEvent>::from_event(#event) {
                    ::core::option::Option::Some(#event) => {
                        #burst
                        #call
                    }
                    ::core::option::Option::None => ::core::result::Result::Ok(#ignored),
                };
            }
        }
    }

    /// Generates the method that calls those methods once that take bursts, after the others.
    fn handle_burst(&self) -> TokenStream {
        let (krate, ignored) = (&self.options.krate, self.ignored());
        let [event, events, bursts, burst, outcome, result, method_name, first] =
            ["event", "events", "bursts", "burst", "outcome", "result", "method", "first"]
                .map(|name| Ident::new(name, Span::mixed_site()));
        let routes = self.methods.iter().enumerate().map(|(at, method)| {
            let Method { event: taken, burst, conditions, .. } = method;
            let route = match burst {
                Some(_) => quote!(::core::option::Option::Some(#at)),
                None => quote!(::core::option::Option::None),
            };
            quote! {
                #conditions
                if <#taken as #krate::events::FromEvent>::matches(#event) {
                    return #route;
                }
            }
        });
        let calls = self.methods.iter().enumerate().filter_map(|(at, method)| {
            let Method { event: taken, burst: parameter, conditions, .. } = method;
            parameter.as_ref()?;
            let keys = self.keys(method, &first).map(|keys| {
                quote! {
                    let ::core::option::Option::Some(#first) = #burst.first() else { continue };
                    #keys
                }
            });
            let payloads = quote_spanned! {Span::mixed_site().located_at(taken.span())=>
                let #burst: ::std::vec::Vec<#taken> = ::core::iter::Iterator::collect(::core::iter::Iterator::filter_map(
                    ::core::iter::IntoIterator::into_iter(#burst),
                    |#event| <#taken as #krate::events::FromEvent>::from_event(#event),
                ));
            };
            let call = self.call(method, &burst);
            Some(quote! {
                #conditions
                #at => {
                    #keys
                    #payloads
                    #call
                }
            })
        });
        quote! {
            async fn handle_burst(
                &self,
                #events: ::std::vec::Vec<#krate::events::Event>,
            ) -> ::core::result::Result<#krate::Outcome, Self::Error> {
                let (#events, #bursts) = #krate::split_burst(#events, |#event| {
                    #(#routes)*
                    ::core::option::Option::None
                });
                let mut #outcome = #ignored;
                for #event in #events {
                    if <Self as #krate::EventHandler>::handle(self, #event).await? == #krate::Outcome::Handled {
                        #outcome = #krate::Outcome::Handled;
                    }
                }
                for (#method_name, #burst) in #bursts {
                    let #result: ::core::result::Result<#krate::Outcome, Self::Error> = match #method_name {
                        #(#calls)*
                        _ => ::core::result::Result::Ok(#ignored),
                    };
                    #outcome = #result?;
                }
                ::core::result::Result::Ok(#outcome)
            }
        }
    }

    /// Generates the outcome of an event that no method takes.
    fn ignored(&self) -> TokenStream {
        let krate = &self.options.krate;
        quote!(#krate::Outcome::Ignored(#krate::IgnoreReason::NotAccepted))
    }

    /// Generates the keys of an event, if the method takes them.
    fn keys(&self, method: &Method, event: &Ident) -> Option<TokenStream> {
        let krate = &self.options.krate;
        let (keys, name) = (method.keys.as_ref()?, keys_name(method)?);
        Some(quote! {
            let #name = #krate::events::Event::keys(&#event);
            let #name: #keys = #name;
        })
    }

    /// Generates the call of the method, whose result is that of the handler.
    fn call(&self, method: &Method, taken: &Ident) -> TokenStream {
        let krate = &self.options.krate;
        let Method { name, burst, is_async, output, .. } = method;
        let burst = burst.as_ref().map(|burst| {
            let mut at_burst = taken.clone();
            at_burst.set_span(Span::mixed_site().located_at(burst.span()));
            quote!(let #taken: #burst = #at_burst;)
        });
        let keys_name = keys_name(method);
        let outcome = Ident::new("outcome", Span::mixed_site().located_at(*output));
        let dot_await = is_async.then(|| quote!(.await));
        quote! {
            #burst
            let #outcome = self.#name(#taken, #keys_name)#dot_await;
            #krate::IntoOutcome::into_outcome(#outcome)
        }
    }

    /// Generates assertions that fail to compile if an alias hides that a method takes every event, or the events of
    /// an earlier method.
    fn check(&self, at: usize) -> Option<TokenStream> {
        let krate = &self.options.krate;
        let method = self.methods.get(at).filter(|method| self.has_known_interest(method))?;
        let Method { event, conditions, .. } = method;
        let at_event = Span::mixed_site().located_at(event.span());
        let repetitions = self.methods[..at]
            .iter()
            .filter(|earlier| self.has_known_interest(earlier) && !method.repeats(earlier))
            .map(|earlier| {
                let Method { event: taken, conditions, .. } = earlier;
                let message = method.repetition(earlier);
                quote_spanned! {at_event=>
                    #conditions
                    ::core::assert!(
                        !<#event as #krate::events::FromEvent>::INTEREST
                            .conflicts_with(<#taken as #krate::events::FromEvent>::INTEREST),
                        #message
                    );
                }
            });
        Some(quote_spanned! {at_event=>
            #conditions
            const _: () = {
                ::core::assert!(
                    !<#event as #krate::events::FromEvent>::INTEREST.is(#krate::events::Interest::All),
                    "write `Event` for every event, not an alias of it"
                );
                #(#repetitions)*
            };
        })
    }

    /// Returns `true` unless the event type depends on a parameter of a generic handler.
    fn has_known_interest(&self, method: &Method) -> bool {
        let parameters = &self.block.generics.params;
        !method.takes_any_event()
            && !parameters.iter().any(|parameter| signature::mentions(&method.event, parameter))
    }
}

fn keys_name(method: &Method) -> Option<Ident> {
    method.keys.as_ref().map(|keys| Ident::new("keys", Span::mixed_site().located_at(keys.span())))
}

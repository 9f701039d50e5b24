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
        let event = Ident::new("event", Span::mixed_site());
        let interests = self.methods.iter().map(|Method { event, conditions, .. }| {
            quote!(#conditions <#event as #krate::events::FromEvent>::INTEREST)
        });
        let arms = self.methods.iter().map(|method| self.arm(method, &event));
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
                    ::core::result::Result::Ok(#krate::Outcome::Ignored)
                }
            }
            #(#conditions #checks)*
        }
    }

    fn arm(&self, method: &Method, event: &Ident) -> TokenStream {
        let krate = &self.options.krate;
        let Method { name, event: taken, keys, is_async, output, conditions } = method;
        let keys_name =
            keys.as_ref().map(|keys| Ident::new("keys", Span::mixed_site().located_at(keys.span())));
        let keys = keys.as_ref().map(|keys| {
            quote! {
                let #keys_name = #krate::events::Event::keys(&#event);
                let #keys_name: #keys = #keys_name;
            }
        });
        let outcome = Ident::new("outcome", Span::mixed_site().located_at(*output));
        let dot_await = is_async.then(|| quote!(.await));
        quote! {
            #conditions
            if <#taken as #krate::events::FromEvent>::matches(&#event) {
                #keys
                return match <#taken as #krate::events::FromEvent>::from_event(#event) {
                    ::core::option::Option::Some(#event) => {
                        let #outcome = self.#name(#event, #keys_name)#dot_await;
                        #krate::IntoOutcome::into_outcome(#outcome)
                    }
                    ::core::option::Option::None => ::core::result::Result::Ok(#krate::Outcome::Ignored),
                };
            }
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
                            .is(<#taken as #krate::events::FromEvent>::INTEREST),
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

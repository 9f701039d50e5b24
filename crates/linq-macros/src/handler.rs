use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Error, Item, ItemImpl, spanned::Spanned as _};

use crate::{method::Method, options::Options};

/// The item without its marks, the implementation of `EventHandler`, and every mistake found.
pub(crate) fn expand(options: TokenStream, item: TokenStream, krate: TokenStream) -> TokenStream {
    let mut block = match syn::parse2(item.clone()) {
        Ok(Item::Impl(block)) => block,
        Ok(_) => return with_errors(item, [misplaced("`#[linq_handler]` goes on an `impl` block")]),
        Err(error) => return with_errors(item, [error]),
    };
    let (methods, mut errors) = Method::take_marked(&mut block);
    if block.trait_.is_some() {
        let error = misplaced("`#[linq_handler]` goes on the `impl` block of a type, not of a trait");
        return with_errors(block.into_token_stream(), [error]);
    }
    let implementation = match Options::parse(options, krate) {
        Ok(options) => implementation(&block, &methods, &options),
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    with_errors(quote!(#block #implementation), errors)
}

fn misplaced(message: &str) -> Error {
    Error::new(Span::call_site(), message)
}

fn with_errors(mut tokens: TokenStream, errors: impl IntoIterator<Item = Error>) -> TokenStream {
    let combined = errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    });
    tokens.extend(combined.map(Error::into_compile_error));
    tokens
}

fn implementation(block: &ItemImpl, methods: &[Method], options: &Options) -> TokenStream {
    let Options { error, krate } = options;
    let handler = &block.self_ty;
    let (generics, _, bounds) = block.generics.split_for_impl();
    let event = Ident::new("event", Span::mixed_site());
    let routes = methods
        .iter()
        .map(|Method { event, cfgs, .. }| quote!(#(#cfgs)* <#event as #krate::events::FromEvent>::ROUTE));
    let arms = methods.iter().map(|method| arm(method, &event, krate));
    let checks = methods
        .iter()
        .filter(|_| block.generics.params.is_empty())
        .filter_map(|method| specific(method, krate));
    quote! {
        #[automatically_derived]
        impl #generics #krate::EventHandler for #handler #bounds {
            type Error = #error;

            const EVENTS: &'static [::core::option::Option<#krate::events::Route>] = &[#(#routes),*];

            async fn handle(
                &self,
                #event: #krate::events::Event,
            ) -> ::core::result::Result<#krate::Outcome, Self::Error> {
                #(#arms)*
                ::core::result::Result::Ok(#krate::Outcome::Ignored)
            }
        }
        #(#checks)*
    }
}

fn arm(method: &Method, event: &Ident, krate: &TokenStream) -> TokenStream {
    let Method { name, event: taken, is_async, output, cfgs } = method;
    let outcome = Ident::new("outcome", Span::mixed_site().located_at(*output));
    let dot_await = is_async.then(|| quote!(.await));
    quote! {
        #(#cfgs)*
        if <#taken as #krate::events::FromEvent>::matches(&#event) {
            return match <#taken as #krate::events::FromEvent>::from_event(#event) {
                ::core::option::Option::Some(#event) => {
                    let #outcome = self.#name(#event)#dot_await;
                    #krate::IntoOutcome::into_outcome(#outcome)
                }
                ::core::option::Option::None => ::core::result::Result::Ok(#krate::Outcome::Ignored),
            };
        }
    }
}

/// Fails to compile where another name of `Event` would take events before the methods meant for them.
fn specific(method: &Method, krate: &TokenStream) -> Option<TokenStream> {
    let Method { event, cfgs, .. } = method;
    let at_event = Span::mixed_site().located_at(event.span());
    (!method.takes_any_event()).then(|| {
        quote_spanned! {at_event=>
            #(#cfgs)*
            const _: () = {
                const ROUTE: ::core::option::Option<#krate::events::Route> =
                    <#event as #krate::events::FromEvent>::ROUTE;
                ::core::assert!(ROUTE.is_some(), "write `Event` for every event, not another name of it");
            };
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(options: TokenStream, item: TokenStream) -> String {
        let tokens = expand(options, item, quote!(::linq_webhooks));
        prettyplease::unparse(&syn::parse2(tokens).unwrap())
    }

    /// The messages of the errors, and what is left of the item.
    fn refused(options: TokenStream, item: TokenStream) -> (Vec<String>, String) {
        let tokens = expand(options, item, quote!(::linq_webhooks));
        let mut file: syn::File = syn::parse2(tokens).unwrap();
        let messages = file
            .items
            .extract_if(.., |item| matches!(item, Item::Macro(_)))
            .map(|item| match item {
                Item::Macro(item) => item.mac.parse_body::<syn::LitStr>().unwrap().value(),
                _ => unreachable!("only macros were taken out"),
            })
            .collect();
        file.items.truncate(1);
        (messages, prettyplease::unparse(&file))
    }

    #[test]
    fn an_impl_block_becomes_a_handler() {
        insta::assert_snapshot!(
            expanded(
                quote!(error = BotError),
                quote! {
                    impl Bot {
                        /// What no other method takes.
                        #[on]
                        async fn rest(&self, event: Event) {}
                        #[on]
                        async fn reply(&self, event: MessageReceived) -> Result<(), BotError> {
                            Ok(())
                        }
                        #[on]
                        #[cfg(feature = "reactions")]
                        fn count(&self, event: Event<ReactionAdded>) {}
                        fn helper(&self) {}
                    }
                }
            ),
            @r#"
        impl Bot {
            /// What no other method takes.
            #[allow(clippy::needless_pass_by_value)]
            async fn rest(&self, event: Event) {}
            #[allow(clippy::needless_pass_by_value)]
            async fn reply(&self, event: MessageReceived) -> Result<(), BotError> {
                Ok(())
            }
            #[cfg(feature = "reactions")]
            #[allow(clippy::needless_pass_by_value)]
            fn count(&self, event: Event<ReactionAdded>) {}
            fn helper(&self) {}
        }
        #[automatically_derived]
        impl ::linq_webhooks::EventHandler for Bot {
            type Error = BotError;
            const EVENTS: &'static [::core::option::Option<::linq_webhooks::events::Route>] = &[
                <MessageReceived as ::linq_webhooks::events::FromEvent>::ROUTE,
                #[cfg(feature = "reactions")]
                <Event<ReactionAdded> as ::linq_webhooks::events::FromEvent>::ROUTE,
                <Event as ::linq_webhooks::events::FromEvent>::ROUTE,
            ];
            async fn handle(
                &self,
                event: ::linq_webhooks::events::Event,
            ) -> ::core::result::Result<::linq_webhooks::Outcome, Self::Error> {
                if <MessageReceived as ::linq_webhooks::events::FromEvent>::matches(&event) {
                    return match <MessageReceived as ::linq_webhooks::events::FromEvent>::from_event(
                        event,
                    ) {
                        ::core::option::Option::Some(event) => {
                            let outcome = self.reply(event).await;
                            ::linq_webhooks::IntoOutcome::into_outcome(outcome)
                        }
                        ::core::option::Option::None => {
                            ::core::result::Result::Ok(::linq_webhooks::Outcome::Ignored)
                        }
                    };
                }
                #[cfg(feature = "reactions")]
                if <Event<
                    ReactionAdded,
                > as ::linq_webhooks::events::FromEvent>::matches(&event) {
                    return match <Event<
                        ReactionAdded,
                    > as ::linq_webhooks::events::FromEvent>::from_event(event) {
                        ::core::option::Option::Some(event) => {
                            let outcome = self.count(event);
                            ::linq_webhooks::IntoOutcome::into_outcome(outcome)
                        }
                        ::core::option::Option::None => {
                            ::core::result::Result::Ok(::linq_webhooks::Outcome::Ignored)
                        }
                    };
                }
                if <Event as ::linq_webhooks::events::FromEvent>::matches(&event) {
                    return match <Event as ::linq_webhooks::events::FromEvent>::from_event(
                        event,
                    ) {
                        ::core::option::Option::Some(event) => {
                            let outcome = self.rest(event).await;
                            ::linq_webhooks::IntoOutcome::into_outcome(outcome)
                        }
                        ::core::option::Option::None => {
                            ::core::result::Result::Ok(::linq_webhooks::Outcome::Ignored)
                        }
                    };
                }
                ::core::result::Result::Ok(::linq_webhooks::Outcome::Ignored)
            }
        }
        const _: () = {
            const ROUTE: ::core::option::Option<::linq_webhooks::events::Route> = <MessageReceived as ::linq_webhooks::events::FromEvent>::ROUTE;
            ::core::assert!(
                ROUTE.is_some(), "write `Event` for every event, not another name of it"
            );
        };
        #[cfg(feature = "reactions")]
        const _: () = {
            const ROUTE: ::core::option::Option<::linq_webhooks::events::Route> = <Event<
                ReactionAdded,
            > as ::linq_webhooks::events::FromEvent>::ROUTE;
            ::core::assert!(
                ROUTE.is_some(), "write `Event` for every event, not another name of it"
            );
        };
        "#
        );
    }

    #[test]
    fn generics_and_another_crate_name_are_kept() {
        insta::assert_snapshot!(
            expanded(
                quote!(crate = my::hooks),
                quote! {
                    impl<'a, S: Store> Bot<'a, S>
                    where
                        S: Clone,
                    {
                        #[on]
                        fn keep(&self, event: Event) {}
                    }
                }
            ),
            @r"
        impl<'a, S: Store> Bot<'a, S>
        where
            S: Clone,
        {
            #[allow(clippy::needless_pass_by_value)]
            fn keep(&self, event: Event) {}
        }
        #[automatically_derived]
        impl<'a, S: Store> my::hooks::EventHandler for Bot<'a, S>
        where
            S: Clone,
        {
            type Error = ::std::boxed::Box<
                dyn ::std::error::Error + ::core::marker::Send + ::core::marker::Sync,
            >;
            const EVENTS: &'static [::core::option::Option<my::hooks::events::Route>] = &[
                <Event as my::hooks::events::FromEvent>::ROUTE,
            ];
            async fn handle(
                &self,
                event: my::hooks::events::Event,
            ) -> ::core::result::Result<my::hooks::Outcome, Self::Error> {
                if <Event as my::hooks::events::FromEvent>::matches(&event) {
                    return match <Event as my::hooks::events::FromEvent>::from_event(event) {
                        ::core::option::Option::Some(event) => {
                            let outcome = self.keep(event);
                            my::hooks::IntoOutcome::into_outcome(outcome)
                        }
                        ::core::option::Option::None => {
                            ::core::result::Result::Ok(my::hooks::Outcome::Ignored)
                        }
                    };
                }
                ::core::result::Result::Ok(my::hooks::Outcome::Ignored)
            }
        }
        "
        );
    }

    #[test]
    fn every_mistake_is_told_at_once_and_the_marks_are_gone() {
        let (messages, rest) = refused(
            quote!(),
            quote! {
                impl Bot {
                    #[on]
                    async fn a(&self, event: MessageReceived) {}
                    #[on]
                    async fn b(&self, event: Event<events::MessageReceived>) {}
                    #[on]
                    fn exclusive(&mut self, event: MessageRead) {}
                    #[on]
                    fn owned(self, event: MessageRead) {}
                    #[on]
                    fn free(event: MessageRead) {}
                    #[on]
                    fn alone(&self) {}
                    #[on]
                    fn stateful(&self, event: MessageRead, state: State) {}
                    #[on("message.read")]
                    fn named(&self, event: MessageRead) {}
                    #[on]
                    fn borrowed(&self, event: &MessageRead) {}
                    #[on]
                    fn opaque(&self, event: impl EventPayload) {}
                    #[on]
                    fn generic<T: EventPayload>(&self, event: T) {}
                    #[on]
                    const LIMIT: u32 = 1;
                }
            },
        );
        insta::assert_snapshot!(messages.join("\n"), @r"
        take `&self`: several webhooks may be handled at the same time
        take `&self`: several webhooks may be handled at the same time
        a handler takes `&self` and the event
        a handler takes `&self` and the event
        a handler takes only `&self` and the event; keep other state in `self`
        `#[on]` takes no arguments: the event is the type of the parameter
        take the event by value: it is yours
        name the type of the event
        a handler takes one kind of event: name its type instead of a type parameter
        `#[on]` goes on a method
        `MessageReceived` is already handled by `a`
        first handled here
        ");
        assert!(!rest.contains("#[on"), "{rest}");
        assert!(rest.contains("const LIMIT: u32 = 1;"), "{rest}");
    }

    #[test]
    fn what_is_no_block_of_marked_methods_is_refused() {
        let cases = [
            (quote!(), quote!(impl Bot {})),
            (quote!(), quote!(impl Greet for Bot { #[on] fn a(&self, event: Event) {} })),
            (
                quote!(),
                quote!(
                    async fn greet(event: MessageReceived) {}
                ),
            ),
            (
                quote!(),
                quote!(
                    struct Bot;
                ),
            ),
            (quote!(errors = BotError), quote!(impl Bot { #[on] fn a(&self, event: Event) {} })),
            (quote!(error), quote!(impl Bot { #[on] fn a(&self, event: Event) {} })),
        ];
        let messages = cases.map(|(options, item)| {
            let (messages, rest) = refused(options, item);
            assert!(!rest.contains("#[on"), "{rest}");
            messages.join("\n")
        });
        insta::assert_snapshot!(messages.join("\n"), @r"
        no method has `#[on]`: mark the methods that handle events with it
        `#[linq_handler]` goes on the `impl` block of a type, not of a trait
        `#[linq_handler]` goes on an `impl` block
        `#[linq_handler]` goes on an `impl` block
        the options are `error = Type` and `crate = path`
        expected `=`
        ");
    }

    #[test]
    fn two_methods_under_conditions_may_take_the_same_event() {
        let item = quote! {
            impl Bot {
                #[on]
                #[cfg(unix)]
                fn a(&self, event: MessageRead) {}
                #[on]
                #[cfg(not(unix))]
                fn b(&self, event: MessageRead) {}
            }
        };
        assert_eq!(refused(quote!(), item).0, [""; 0]);
    }
}

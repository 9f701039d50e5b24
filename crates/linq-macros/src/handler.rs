use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Error, Item};

use crate::{block, function, options::Options};

/// Returns the item without `#[on]` attributes, the code generated for it, and all errors found.
pub(crate) fn expand(options: TokenStream, item: TokenStream, krate: TokenStream) -> TokenStream {
    let (mut tokens, errors) = read(options, item, krate);
    tokens.extend(errors.iter().map(Error::to_compile_error));
    tokens
}

fn read(options: TokenStream, item: TokenStream, krate: TokenStream) -> (TokenStream, Vec<Error>) {
    let (options, misread) = match Options::parse(options, krate.clone()) {
        Ok(options) => (options, None),
        Err(error) => (Options::new(krate), Some(error)),
    };
    let (tokens, mut errors) = match syn::parse2(item.clone()) {
        Ok(Item::Impl(mut block)) => {
            let (made, errors) = block::expand(&mut block, options);
            (quote!(#block #made), errors)
        }
        Ok(Item::Fn(mut function)) => {
            let (made, errors) = function::expand(&mut function, options);
            (quote!(#function #made), errors)
        }
        Ok(other) => {
            let message = "`#[linq_handler]` is only for `impl` blocks and functions";
            (other.into_token_stream(), vec![Error::new(Span::call_site(), message)])
        }
        Err(error) => (item, vec![error]),
    };
    errors.extend(misread);
    (tokens, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the formatted expansion of an item without errors.
    fn expanded(options: &str, item: &str) -> String {
        let (tokens, errors) = read(options.parse().unwrap(), item.parse().unwrap(), quote!(::linq_webhooks));
        assert!(errors.is_empty(), "{errors:?}");
        prettyplease::unparse(&syn::parse2(tokens).unwrap())
    }

    /// Returns the source text and message of each error, and the expansion.
    fn refused(options: &str, item: &str) -> (Vec<String>, String) {
        let (options, item): (TokenStream, TokenStream) = (options.parse().unwrap(), item.parse().unwrap());
        let (tokens, errors) = read(options, item, quote!(::linq_webhooks));
        assert!(!errors.is_empty(), "{tokens}");
        let lines = errors.iter().map(|error| {
            let at = error.span().source_text().unwrap_or_default();
            format!("{}: {error}", if at.is_empty() { "(the attribute)" } else { &at })
        });
        (lines.collect(), tokens.to_string())
    }

    #[test]
    fn an_impl_block_expands_to_a_handler() {
        insta::assert_snapshot!(expanded(
            "error = BotError",
            r#"
            #[cfg(feature = "bot")]
            impl Bot {
                /// What no other method takes.
                #[on]
                #[allow(unused_variables)]
                async fn rest(&self, _: Event) {}
                #[on]
                async fn reply(&self, event: MessageReceived, keys: EventKeys) -> Result<(), BotError> {
                    Ok(())
                }
                #[on]
                #[cfg(feature = "reactions")]
                fn count(&self, Event { data, .. }: Event<ReactionAdded>) {}
                fn helper(&self) {}
            }
            "#
        ));
    }

    #[test]
    fn generics_and_another_crate_name_are_kept() {
        insta::assert_snapshot!(expanded(
            "crate = my::hooks",
            "
            impl<'a, S: Store, P: EventPayload> Bot<'a, S, P>
            where
                S: Clone,
            {
                #[on]
                fn keep<'b>(&'b self, event: Event) {}
                #[on]
                fn known(&self, event: MessageRead) {}
                #[on]
                fn generic(&self, event: Event<P>) {}
            }
            "
        ));
    }

    #[test]
    fn methods_that_take_a_vec_are_called_once_for_a_burst() {
        insta::assert_snapshot!(expanded(
            "error = BotError",
            "
            impl Bot {
                #[on]
                fn rest(&self, events: Vec<Event>) {}
                #[on]
                fn one(&self, event: MessageRead) {}
                #[on]
                #[cfg(unix)]
                async fn many(&self, events: std::vec::Vec<Event<MessageReceived>>, keys: EventKeys) -> Result<(), BotError> {
                    Ok(())
                }
            }
            "
        ));
    }

    #[test]
    fn a_function_that_takes_a_vec_is_checked() {
        insta::assert_snapshot!(expanded(
            "",
            "async fn many(events: Vec<MessageRead>, keys: EventKeys, state: u8) {}"
        ));
    }

    #[test]
    fn a_function_is_kept_and_checked() {
        insta::assert_snapshot!(expanded(
            "error = BotError",
            "
            /// Greets.
            #[cfg(unix)]
            pub(crate) async fn greet<S: Store>(
                Event { data, .. }: Event<MessageReceived>,
                keys: events::EventKeys,
                store: Arc<S>,
            ) -> Result<(), BotError>
            where
                S: Send,
            {
                Ok(())
            }
            "
        ));
    }

    #[test]
    fn a_sync_function_without_state_has_only_the_event_check() {
        insta::assert_snapshot!(expanded("crate = my::hooks", "fn note(_: Event) {}"));
    }

    #[test]
    fn all_errors_are_reported_at_once_and_the_attributes_are_removed() {
        let (lines, rest) = refused(
            "",
            r#"
            impl Bot {
                #[on]
                async fn a(&self, event: MessageReceived) {}
                #[on]
                async fn b(&self, event: Event<MessageReceived>) {}
                #[on]
                fn all(&self, event: Event) {}
                #[on]
                fn all_too(&self, event: events::Event) {}
                #[on]
                fn exclusive(&mut self, event: MessageRead) {}
                #[on]
                fn owned(self, event: MessageRead) {}
                #[on]
                fn shared(self: Arc<Self>, event: MessageRead) {}
                #[on]
                fn free(event: MessageRead) {}
                #[on]
                fn nothing() {}
                #[on]
                fn alone(&self) {}
                #[on]
                fn stateful(&self, event: MessageRead, state: State) {}
                #[on]
                fn stateful_too(&self, event: MessageSent, keys: EventKeys, state: State) {}
                #[on]
                fn keys_first(&self, keys: EventKeys, event: MessageSent) {}
                #[on]
                fn borrowed_keys(&self, event: MessageSent, keys: &EventKeys) {}
                #[on("message.read")]
                fn named(&self, event: MessageRead) {}
                #[on]
                fn borrowed(&self, event: &MessageRead) {}
                #[on]
                fn opaque(&self, event: impl EventPayload) {}
                #[on]
                fn generic<T: EventPayload>(&self, event: T) {}
                #[on]
                unsafe fn dangerous(&self, event: MessageRead) {}
                #[on]
                fn future(&self, event: MessageRead) -> impl Future<Output = ()> {}
                #[on]
                fn repeated(&self, events: Vec<Event<MessageReceived>>) {}
                #[on]
                fn all_repeated(&self, events: Vec<Event>) {}
                #[on]
                fn borrowed_events(&self, events: Vec<&MessageSent>) {}
                #[on]
                fn opaque_events(&self, events: Vec<impl EventPayload>) {}
                #[on]
                fn slice(&self, events: &[MessageSent]) {}
                #[on]
                fn borrowed_burst(&self, events: &Vec<MessageSent>) {}
                #[on]
                const LIMIT: u32 = 1;
            }
            "#,
        );
        insta::assert_snapshot!(lines.join("\n"));
        assert!(!rest.contains("# [on"), "{rest}");
        assert!(rest.contains("const LIMIT : u32 = 1 ;"), "{rest}");
    }

    #[test]
    fn errors_in_functions_have_the_span_of_the_invalid_tokens() {
        let items = [
            "async fn nothing() {}",
            "async fn method(&self, event: MessageRead) {}",
            "async fn borrowed(event: &MessageRead) {}",
            "async fn opaque(event: impl EventPayload) {}",
            "async fn generic<T: EventPayload>(event: Event<T>) {}",
            "async fn generic_burst<T: EventPayload>(events: Vec<Event<T>>) {}",
            "async fn slice(events: &[MessageRead]) {}",
            "async fn borrowed_state(event: MessageRead, state: &State) {}",
            "async fn opaque_state(event: MessageRead, state: impl Store) {}",
            "async fn more(event: MessageRead, state: State, more: u8) {}",
            "async fn borrowed_keys(event: MessageRead, keys: &EventKeys) {}",
            "async fn keys_last(event: MessageRead, state: State, keys: EventKeys) {}",
            "async fn more_than_keys(event: MessageRead, keys: EventKeys, state: State, more: u8) {}",
            "unsafe fn dangerous(event: MessageRead) {}",
            "fn future(event: MessageRead) -> impl Future<Output = ()> {}",
            "#[on] async fn marked(event: MessageRead) {}",
        ];
        let lines: Vec<_> = items
            .into_iter()
            .flat_map(|item| {
                let (lines, rest) = refused("", item);
                assert!(rest.contains(" fn "), "{rest}");
                assert!(!rest.contains("# [on"), "{rest}");
                lines
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn other_items_and_blocks_without_marked_methods_are_errors() {
        let cases = [
            ("", "impl Bot {}"),
            ("", "impl Greet for Bot { #[on] fn a(&self, event: Event) {} }"),
            ("", "struct Bot;"),
            ("", "trait Greet { #[on] fn a(&self, event: Event); }"),
            ("errors = BotError", "impl Bot { #[on] fn a(&self, event: Event) {} }"),
            ("error", "fn a(event: Event) {}"),
        ];
        let lines = cases.map(|(options, item)| refused(options, item).0.join("\n"));
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn two_methods_with_cfg_attributes_may_take_the_same_event() {
        let item = "
            impl Bot {
                #[on]
                #[cfg(unix)]
                fn a(&self, event: MessageRead) {}
                #[on]
                #[cfg(not(unix))]
                fn b(&self, event: MessageRead) {}
            }
        ";
        insta::assert_snapshot!(expanded("", item).split_once("const _").unwrap().1);
    }

    #[test]
    fn errors_become_compile_errors_after_the_item() {
        let item = quote!(impl Bot { fn helper(&self) {} });
        let tokens = expand(TokenStream::new(), item, quote!(::linq_webhooks)).to_string();
        assert!(tokens.starts_with("impl Bot { fn helper (& self) { } }"), "{tokens}");
        assert!(tokens.contains(":: core :: compile_error"), "{tokens}");
    }
}

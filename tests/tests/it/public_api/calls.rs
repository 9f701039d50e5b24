//! Every method of the client that makes a call is in the table of `linq call`, and through it in the tests of the wire
//! and in `docs/endpoints.md`.

use std::collections::{BTreeMap, BTreeSet};

use linq_types::Operation;
use syn::Expr;

use super::{super::workspace::has_compiler_of_snapshots, LIBRARIES, docs::Method};
use crate::cli::endpoint::Endpoint;

/// Methods that are no operation: they make several requests.
const EXCEPTIONS: [(&str, &str); 9] = [
    ("linq_core::resources::attachments::Attachments", "download"),
    ("linq_core::resources::attachments::Attachments", "upload"),
    ("linq_core::resources::attachments::Attachments", "upload_part"),
    ("linq_core::resources::chats::Chats", "open"),
    ("linq_core::resources::chats::messages::ChatMessages", "send_all"),
    ("linq_core::resources::chats::typing::ChatTyping", "keep_alive"),
    ("linq_core::resources::messages::Messages", "delivery"),
    ("linq_core::resources::webhook_subscriptions::WebhookSubscriptions", "ensure"),
    ("linq_core::resources::webhook_subscriptions::WebhookSubscriptions", "rotate"),
];

type Named = (String, String);

/// What each public method of linq-core returns.
struct Methods(BTreeMap<Named, Option<String>>);

impl Methods {
    fn new(methods: Vec<Method<'_>>) -> Self {
        Self(methods.into_iter().map(|one| ((one.of, one.name.to_owned()), one.returns)).collect())
    }

    /// Returns the methods of the resources, reached from the client, that do not return another resource.
    fn calls(&self) -> BTreeSet<Named> {
        let mut calls = BTreeSet::new();
        let mut resources = vec!["linq_core::client::Client".to_owned()];
        while let Some(of) = resources.pop() {
            for ((_, name), returns) in self.0.iter().filter(|((resource, _), _)| *resource == of) {
                let method = (of.clone(), name.clone());
                let is_exception = EXCEPTIONS.contains(&(&*of, name));
                match returns {
                    Some(path) if path.starts_with("linq_core::resources::") && !is_exception => {
                        resources.push(path.clone());
                    }
                    _ if of.starts_with("linq_core::resources::") => {
                        calls.insert(method);
                    }
                    // Of the client itself.
                    _ => {}
                }
            }
        }
        calls
    }

    /// Returns the last method of a chain such as `client.chats().retrieve(chat_id)`.
    fn last_of(&self, chain: &str) -> Named {
        let mut names = Vec::new();
        let mut expression = syn::parse_str::<Expr>(chain).unwrap();
        while let Expr::MethodCall(call) = expression {
            names.push(call.method.to_string());
            expression = *call.receiver;
        }
        let mut names = names.into_iter().rev();
        let mut method = ("linq_core::client::Client".to_owned(), names.next().unwrap());
        for name in names {
            let returned = self.0.get(&method).unwrap_or_else(|| panic!("{chain}: no {method:?}"));
            method = (returned.clone().unwrap(), name);
        }
        method
    }
}

#[test]
fn every_method_that_makes_a_call_is_in_the_table_of_the_command_line() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let methods = Methods::new(LIBRARIES["linq-core"].1.methods());
    let rows = Operation::ALL.iter().map(|operation| Endpoint::of(*operation).rust_method());
    let mut listed: BTreeSet<_> = rows.map(|chain| methods.last_of(&chain)).collect();
    listed.extend(EXCEPTIONS.map(|(of, name)| (of.to_owned(), name.to_owned())));
    assert_eq!(methods.calls(), listed);
}

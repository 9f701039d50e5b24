//! The page about the endpoints, `docs/endpoints.md`.

use linq_types::Operation;

use super::generated::assert_generated;
use crate::cli::endpoint::Endpoint;

/// Returns the address of an operation in the vendor's reference, which is made of its id.
fn reference(operation: Operation) -> String {
    let mut segments: Vec<_> = operation.id().split('.').collect();
    let method = segments.pop().unwrap();
    format!("https://docs.linqapp.com/api/resources/{}/methods/{method}", segments.join("/subresources/"))
}

#[test]
fn the_page_lists_every_endpoint() {
    let mut lines = vec![
        "| id | request | Rust | idempotent | command line |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(Operation::ALL.iter().map(|&operation| {
        format!(
            "| [`{operation}`]({}) | `{} {}` | `{}` | {} | `linq call {operation}` |",
            reference(operation),
            operation.method(),
            operation.route(),
            Endpoint::of(operation).rust_method(),
            if operation.is_idempotent() { "yes" } else { "no" },
        )
    }));
    assert_generated("docs/endpoints.md", "endpoints", &lines.join("\n"));
}

#[test]
fn a_reference_names_resource_subresource_and_method() {
    let base = "https://docs.linqapp.com/api/resources";
    assert_eq!(reference(Operation::ChatsCreate), format!("{base}/chats/methods/create"));
    assert_eq!(
        reference(Operation::ChatsMessagesSend),
        format!("{base}/chats/subresources/messages/methods/send")
    );
}

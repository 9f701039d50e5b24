//! Tests of the macro with renamed crates, without the original names in scope.

#[cfg(test)]
mod it {
    mod driven;
    mod renamed_facade;
    mod renamed_webhooks;
}

//! The macro where the crates have other names than their own, and none of them is there under that.

#[cfg(test)]
mod it {
    mod driven;
    mod renamed_facade;
    mod renamed_webhooks;
}

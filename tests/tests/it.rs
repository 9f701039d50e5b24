//! Tests across the crates.

/// The calls of `linq call`, by operation. They are included as source, since the published package has no library.
#[cfg(test)]
#[expect(dead_code, reason = "written for the command line")]
#[path = "../../crates/linq-cli/src"]
mod cli {
    pub(crate) mod did_you_mean;
    pub(crate) mod endpoint;
}

#[cfg(test)]
mod it {
    mod answers;
    mod arrows;
    mod backends;
    mod bad_input;
    mod calls;
    mod chaos;
    mod conversations;
    mod coverage;
    mod custom;
    mod docs;
    mod downloads;
    mod endpoints;
    mod features;
    mod generated;
    mod labels;
    mod packages;
    mod pages;
    mod peak_memory;
    mod public_api;
    mod recordings;
    mod reference;
    mod requests;
    mod responses;
    mod same;
    mod schemas;
    mod script;
    mod sizes;
    mod subscriptions;
    mod tree;
    mod uploads;
    mod v2;
    mod waits;
    mod wire;
    mod workspace;
}

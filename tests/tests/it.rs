//! What no crate can test alone.

#[cfg(test)]
mod it {
    mod arrows;
    mod bad_input;
    mod calls;
    mod chaos;
    mod coverage;
    mod custom;
    mod docs;
    mod features;
    mod labels;
    mod packages;
    mod pages;
    mod public_api;
    mod recordings;
    mod requests;
    mod responses;
    mod same;
    mod script;
    mod sizes;
    mod tree;
    mod uploads;
    mod wire;
    mod workspace;
}

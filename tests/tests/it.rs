//! What no crate can test alone.

#[cfg(test)]
mod it {
    mod arrows;
    mod bad_input;
    mod docs;
    mod features;
    mod workspace;
}

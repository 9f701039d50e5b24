//! What no crate can test alone.

mod it {
    mod arrows;
    mod bad_input;
    mod docs;
    mod features;
    mod workspace;
}

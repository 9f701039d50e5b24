//! What no crate can test alone.

#[cfg(test)]
mod it {
    mod arrows;
    mod bad_input;
    mod calls;
    mod chaos;
    mod custom;
    mod docs;
    mod features;
    mod pages;
    mod script;
    mod uploads;
    mod wire;
    mod workspace;
}

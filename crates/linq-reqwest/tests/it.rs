//! Holds the backend against the rules that the client counts on.

#[cfg(test)]
mod it {
    mod conformance;
    mod https;
}

//! Holds the backends against the rules that the client counts on, and the check against backends that break them.

mod it {
    mod bent;
    mod conformance;
}

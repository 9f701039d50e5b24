//! Tests of stores and of programs that use them: the conformance suite and a store that crashes. Needs the feature `testing`.

mod conformance;
mod crash_store;
mod model;
mod rules;

pub use conformance::{Conformance, Report, TestStore};
pub use crash_store::{CrashStore, Moment};

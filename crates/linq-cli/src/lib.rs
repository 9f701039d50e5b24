//! What the command line of the Linq SDK does that tests want to do too.

pub mod call;

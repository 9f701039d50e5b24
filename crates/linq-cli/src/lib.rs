//! The command line of the Linq SDK, as a library: what its binary runs, and the parts that tests want to use too. Any
//! version may change it.

pub mod call;
mod command_line;
mod completions;
mod interrupt;
mod listen;
mod sandbox;
mod secret;
mod terminal;
mod usage_error;
pub mod webhook;

pub use command_line::run;

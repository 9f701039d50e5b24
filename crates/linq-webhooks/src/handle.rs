//! Handlers of events.

mod burst;
mod event_handler;
mod handler_fn;
mod outcome;
mod router;

pub use burst::split_burst;
pub use event_handler::EventHandler;
pub use handler_fn::HandlerFn;
pub use outcome::{IntoOutcome, Outcome};
pub use router::Router;

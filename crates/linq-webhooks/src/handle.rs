//! Handlers of events.

mod burst;
mod event_handler;
mod gate;
mod handler_fn;
mod ignore_reason;
mod outcome;
mod router;

pub use burst::split_burst;
pub use event_handler::EventHandler;
pub use gate::{Gate, GateError, MemoryOptOuts, OptOuts};
pub use handler_fn::HandlerFn;
pub use ignore_reason::IgnoreReason;
pub use outcome::{IntoOutcome, Outcome};
pub use router::Router;

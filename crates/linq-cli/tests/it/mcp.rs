//! `linq mcp`, with the messages of the protocol as they are on the wire.

mod confirmation;
mod ending;
mod http;
mod rules;
mod secrets;
mod session;
mod waiting;

const PERSON: &str = "+12025550199";
const OTHER: &str = "+12025550198";

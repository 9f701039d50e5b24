//! The servers of stores, which also die.

use super::{postgres, redis};

pub(super) trait Server: Send + Sync {
    /// How clients connect.
    fn address(&self) -> String;

    /// Dies as it does in a crash, at once.
    fn die(&self);

    fn start_again(&self);

    /// What it logged.
    fn log(&self) -> String;
}

impl Server for postgres::Server {
    fn address(&self) -> String {
        self.address()
    }

    fn die(&self) {
        if fastrand::bool() { self.kill() } else { self.stop_at_once() }
    }

    fn start_again(&self) {
        self.start_again();
    }

    fn log(&self) -> String {
        self.log()
    }
}

impl Server for redis::Server {
    fn address(&self) -> String {
        self.address()
    }

    fn die(&self) {
        self.kill();
    }

    fn start_again(&self) {
        self.start_again();
    }

    fn log(&self) -> String {
        self.log()
    }
}

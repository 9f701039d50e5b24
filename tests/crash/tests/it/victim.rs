//! The processes that are killed.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// The arguments of a victim.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) store: String,
    pub(super) log: String,
    pub(super) fault: Option<&'static str>,
}

/// A running victim, which is killed and started again.
pub(super) struct Victim {
    setup: Setup,
    pub(super) port: u16,
    process: Child,
    deaths: Vec<Death>,
}

/// When a process died.
pub(super) struct Death {
    pub(super) pid: u32,
    pub(super) at_line: usize,
}

impl Victim {
    pub(super) fn start(setup: &Setup) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = spawn(setup, port);
        Self { setup: setup.clone(), port, process, deaths: Vec::new() }
    }

    /// Kills the process with SIGKILL and starts another one.
    pub(super) fn restart(&mut self) {
        self.kill();
        self.process = spawn(&self.setup, self.port);
    }

    /// Starts another process if this one ended on its own.
    pub(super) fn restart_if_dead(&mut self) {
        if self.process.try_wait().unwrap().is_some() {
            self.restart();
        }
    }

    pub(super) fn kill(&mut self) {
        drop(self.process.kill());
        self.process.wait().unwrap();
        let log = std::fs::read_to_string(&self.setup.log).unwrap_or_default();
        self.deaths.push(Death { pid: self.process.id(), at_line: log.lines().count() });
    }

    pub(super) fn into_deaths(mut self) -> Vec<Death> {
        self.kill();
        self.deaths
    }
}

fn spawn(setup: &Setup, port: u16) -> Child {
    Command::new(env!("CARGO_BIN_EXE_linq-crash-victim"))
        .args([&setup.store, &port.to_string(), &setup.log])
        .args(setup.fault)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

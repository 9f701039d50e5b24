//! The processes of the peers, which do as many calls as they are asked for.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use linq_benches::{Batch, CpuClock, SECRET};
use nix::{time::ClockId, unistd::Pid};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    Python,
    Node,
    /// The usual Rust code without an SDK.
    Recipe,
    Ours,
}

impl Peer {
    /// Returns what the peer is compared with.
    pub(crate) fn over(self) -> Option<Self> {
        (self != Self::Ours).then_some(Self::Ours)
    }
}

/// The programs that `run` has installed.
pub(crate) struct Programs {
    installed: PathBuf,
    pub(crate) linq: PathBuf,
    /// The official command line, or why it is not installed.
    pub(crate) official_cli: Result<PathBuf, String>,
    python: Versions,
    node: Versions,
}

#[derive(Default)]
struct Versions {
    sdk: String,
    others: String,
}

impl Programs {
    pub(crate) fn new(installed: PathBuf, linq: PathBuf, no_official_cli: Option<String>) -> Result<Self> {
        let official_cli = match no_official_cli {
            Some(reason) => Err(reason),
            None => Ok(installed.join("node/node_modules/.bin/linq")),
        };
        let mut programs =
            Self { installed, linq, official_cli, python: Versions::default(), node: Versions::default() };
        programs.python = programs.versions_of(Peer::Python)?;
        programs.node = programs.versions_of(Peer::Node)?;
        Ok(programs)
    }

    fn versions_of(&self, peer: Peer) -> Result<Versions> {
        let output = self.command(peer, &["versions"], &[])?.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout)?;
        let (sdk, others) = said.trim().split_once('\n').context("a program must print two lines")?;
        Ok(Versions { sdk: sdk.to_owned(), others: others.to_owned() })
    }

    /// Returns the versions of the languages and their servers.
    pub(crate) fn versions(&self) -> String {
        format!("{}, {}", self.python.others, self.node.others)
    }

    pub(crate) fn label(&self, peer: Peer) -> String {
        match peer {
            Peer::Python => self.python.sdk.clone(),
            Peer::Node => self.node.sdk.clone(),
            Peer::Recipe => "Rust by hand".to_owned(),
            Peer::Ours => "linq-sdk".to_owned(),
        }
    }

    /// Returns the command that does a job of a peer. The API is at `base_url_and_key`, if the job calls it.
    pub(crate) fn command(&self, peer: Peer, job: &[&str], base_url_and_key: &[&str]) -> Result<Command> {
        let mut command = match peer {
            Peer::Python => {
                let mut command = Command::new(self.installed.join("venv/bin/python"));
                command.arg("-B").arg(Path::new(FOLDER).join("python/peer.py"));
                command
            }
            Peer::Node => {
                let mut command = Command::new("node");
                command.arg(self.installed.join("node/peer.mjs"));
                command
            }
            Peer::Recipe | Peer::Ours => {
                let mut command = Command::new(env::current_exe()?);
                command.args(["work", &linq_benches::name(peer)]);
                command
            }
        };
        let [base_url, key] = base_url_and_key else {
            command.env("LINQ_API_V3_API_KEY", "key");
            command.args(job);
            return Ok(command);
        };
        command.args(job).env("LINQ_API_V3_BASE_URL", base_url).env("LINQ_API_V3_API_KEY", key);
        Ok(command)
    }

    pub(crate) fn start(&self, peer: Peer, job: &[&str], base_url_and_key: &[&str]) -> Result<Worker> {
        let mut command = self.command(peer, job, base_url_and_key)?;
        command.env("PEERS_SECRET", SECRET).env("PEERS_BODIES", Path::new(FOLDER).join("../src/webhooks"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().context("the process has a standard input")?;
        let output = BufReader::new(child.stdout.take().context("the process has a standard output")?);
        Ok(Worker { child, input, output })
    }
}

pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    pub(crate) fn ask(&mut self, line: &str) -> Result<String> {
        writeln!(self.input, "{line}")?;
        self.line()
    }

    pub(crate) fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.output.read_line(&mut line)? > 0, "the process of a peer has failed");
        Ok(line.trim_end().to_owned())
    }

    /// Returns the CPU time of all threads of the process.
    pub(crate) fn clock(&self) -> Result<CpuClock> {
        let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(self.child.id().try_into()?))?;
        Ok(Box::new(move || Ok(clock.now()?.into())))
    }

    pub(crate) fn batch(mut self) -> Batch {
        Box::new(move |calls| {
            ensure!(self.ask(&calls.to_string())? == "done", "unexpected output of a peer");
            Ok(())
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

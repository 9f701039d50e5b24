//! Job queues of others, in the program of `benches/queues`.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    rc::Rc,
};

use anyhow::{Context as _, Result, ensure};

use super::{Setup, Way, missing};
use crate::{Batch, Entry, Row, process_clock};

/// The name of a queue, which is also its argument, and the store that it is compared with.
const QUEUES: &[(&str, Store)] = &[("apalis-sqlite", Store::Sqlite), ("apalis-postgres", Store::Postgres)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Store {
    Sqlite,
    Postgres,
}

/// What is measured of a queue.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work {
    Enqueue,
    EnqueueAtOnce,
    Handle,
}

impl Work {
    /// The commands of the program; those before the last one are not measured.
    const fn commands(self) -> &'static [&'static str] {
        match self {
            Self::Enqueue => &["enqueue"],
            Self::EnqueueAtOnce => &["enqueue-64"],
            Self::Handle => &["fill", "handle"],
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Enqueue | Self::Handle => "",
            Self::EnqueueAtOnce => ", 64 at once",
        }
    }
}

/// Returns our way that does what this one does, if this one is of another queue.
pub(super) fn compared_with(way: Way) -> Option<Way> {
    let (queue, store) = QUEUES.iter().rfind(|(queue, _)| way.starts_with(queue))?;
    match (store, way.strip_prefix(queue)?.is_empty()) {
        (Store::Sqlite, true) => Some("SQLite"),
        (Store::Sqlite, false) => Some("SQLite, 64 at once"),
        (Store::Postgres, true) => Some("PostgreSQL"),
        (Store::Postgres, false) => Some("PostgreSQL, 64 at once"),
    }
}

/// The program, if it is to be run.
pub(super) struct Others(Option<PathBuf>);

impl Others {
    pub(super) fn new(program: Option<PathBuf>) -> Self {
        Self(program)
    }

    /// Returns an entry for each queue that can do a round of this work, and a row for each one that cannot.
    pub(super) fn entries(
        &self,
        setup: &Setup,
        work: Work,
        calls: u32,
    ) -> Result<(Vec<Entry<Way>>, Vec<Row>)> {
        let Some(program) = &self.0 else { return Ok(Default::default()) };
        let (mut entries, mut failed) = (Vec::new(), Vec::new());
        for (queue, store) in QUEUES {
            let name = format!("{queue}-{work:?}");
            let address = match (store, &setup.servers.postgres) {
                (Store::Sqlite, _) => setup.path(&name).display().to_string(),
                (Store::Postgres, Some(postgres)) => postgres.database(&name)?.url()?,
                (Store::Postgres, None) => continue,
            };
            let mut process = Process::start(program, queue, &address)?;
            let way: Way = format!("{queue}{}", work.suffix()).leak();
            let commands = work.commands();
            if commands.iter().any(|command| process.run(command, calls).is_err()) {
                failed.push(missing(way, "failed"));
                continue;
            }
            let process = Rc::new(RefCell::new(process));
            let run = |command: &'static str| -> Batch {
                let process = Rc::clone(&process);
                Box::new(move |count| process.borrow_mut().run(command, count))
            };
            entries.push(match *commands {
                [command] => Entry::new(way, run(command), calls, process_clock()),
                [fill, handle] => Entry::new(way, run(handle), calls, process_clock()).prepared_by(run(fill)),
                _ => continue,
            });
        }
        Ok((entries, failed))
    }
}

/// A process that does what it reads, one line after the other, and says when it has done it.
struct Process {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(program: &Path, queue: &str, address: &str) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["bench", &format!("{queue}:{address}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let answers = BufReader::new(child.stdout.take().context("the output is a pipe")?);
        let mut process = Self { child, answers };
        process.wait("start")?;
        Ok(process)
    }

    fn run(&mut self, command: &str, count: u32) -> Result<()> {
        let commands = self.child.stdin.as_mut().context("the input is a pipe")?;
        writeln!(commands, "{command} {count}")?;
        self.wait(command)
    }

    fn wait(&mut self, command: &str) -> Result<()> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        ensure!(answer == "done\n", "the queue failed: {command}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_compared_with_the_same_work_on_the_same_database() {
        for (way, ours) in [
            ("apalis-sqlite", Some("SQLite")),
            ("apalis-sqlite, 64 at once", Some("SQLite, 64 at once")),
            ("apalis-postgres", Some("PostgreSQL")),
            ("apalis-postgres, 64 at once", Some("PostgreSQL, 64 at once")),
            ("XADD", None),
        ] {
            assert_eq!(compared_with(way), ours, "{way}");
        }
    }
}

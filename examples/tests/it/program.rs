use std::{
    io::{BufRead as _, BufReader},
    iter,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// The timeout of each line.
const LINE_TIMEOUT: Duration = Duration::from_secs(20);

/// A running example and the lines that it prints. Dropping it kills the process.
pub(crate) struct Program {
    pub(crate) child: Child,
    lines: Receiver<String>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// Sends a signal, such as `-TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
    }

    /// Waits for the end of the program, and returns the rest of its lines.
    pub(crate) fn finish(&mut self) -> (ExitStatus, Vec<String>) {
        let lines = iter::from_fn(|| self.lines.recv_timeout(LINE_TIMEOUT).ok()).collect();
        (self.child.wait().unwrap(), lines)
    }

    /// Waits for the next line and returns it.
    pub(crate) fn next_line(&mut self) -> String {
        self.lines.recv_timeout(LINE_TIMEOUT).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

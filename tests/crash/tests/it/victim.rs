//! The processes that are killed.

use std::{
    fmt,
    fs::{self, OpenOptions},
    net::TcpListener,
    process::{self, Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::poster::SECRET;

/// How long a process may take to end or to stop.
const END: Duration = Duration::from_secs(10);

/// The victim on our stores.
pub(super) const OURS: &str = env!("CARGO_BIN_EXE_linq-crash-victim");

/// A victim and its arguments.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) program: String,
    pub(super) role: &'static str,
    pub(super) store: String,
    pub(super) log: String,
    pub(super) fault: Option<&'static str>,
    /// The file for the system calls. The victim runs under strace if there is one.
    pub(super) trace: Option<String>,
}

/// The environment of a victim without an API.
const OFFLINE: [(&str, &str); 3] = [
    ("LINQ_API_V3_API_KEY", "key"),
    ("LINQ_API_V3_BASE_URL", "http://127.0.0.1:1"),
    ("LINQ_WEBHOOK_SECRET", SECRET),
];

/// A process that is killed and started again on the same port.
#[derive(Debug)]
pub(super) struct Victim {
    program: Program,
    process: Mutex<Process>,
}

/// What a victim runs.
#[derive(Debug)]
struct Program {
    setup: Setup,
    port: u16,
    environment: Vec<(&'static str, String)>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    deaths: Vec<Death>,
}

/// When a process died, or was paused for longer than its leases: after the log had this number of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Death {
    pub(super) pid: u32,
    pub(super) at_line: usize,
}

impl Victim {
    /// Starts a process, for which the environment can have an API.
    pub(super) fn start(setup: &Setup, port: u16, environment: Vec<(&'static str, String)>) -> Self {
        let program = Program { setup: setup.clone(), port, environment };
        let child = program.spawn();
        Self { program, process: Mutex::new(Process { child, deaths: Vec::new() }) }
    }

    pub(super) fn port(&self) -> u16 {
        self.program.port
    }

    /// Kills the process with SIGKILL and starts another one.
    pub(super) fn restart(&self) {
        let mut process = self.lock();
        process.kill(&self.program);
        process.child = self.program.spawn();
    }

    /// Starts another process if this one ended on its own.
    pub(super) fn restart_if_dead(&self) {
        let mut process = self.lock();
        if process.child.try_wait().unwrap().is_some() {
            process.kill(&self.program);
            process.child = self.program.spawn();
        }
    }

    pub(super) fn kill(&self) {
        self.lock().kill(&self.program);
    }

    /// Stops the process for so long that its leases end, at a moment that is right.
    pub(super) fn pause(&self, duration: Duration, is_right: impl Fn() -> bool) {
        let mut process = self.lock();
        let pid = process.child.id();
        let stop = || {
            signal(pid, "STOP");
            // A thread stops when its system call returns, and that can be a line of the log.
            assert!(in_time(|| is_stopped(pid)), "process {pid} does not stop");
            let is_right = is_right();
            if !is_right {
                signal(pid, "CONT");
            }
            is_right
        };
        assert!(in_time(stop), "no moment was right");
        process.deaths.push(Death { pid, at_line: self.program.log_lines() });
        thread::sleep(duration);
        signal(pid, "CONT");
    }

    /// Lets the process end on its own.
    pub(super) fn end(&self) {
        let mut process = self.lock();
        drop(process.child.stdin.take());
        assert!(ends(&mut process.child), "the victim did not end with its standard input");
    }

    /// Stops the process for good.
    pub(super) fn hang(&self) {
        signal(self.lock().child.id(), "STOP");
    }

    pub(super) fn deaths(&self) -> Vec<Death> {
        self.lock().deaths.clone()
    }

    /// Returns `true` while it is being killed or started.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.process.try_lock(), Err(TryLockError::WouldBlock))
    }

    fn lock(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Process {
    fn kill(&mut self, program: &Program) {
        // The process may have ended already.
        drop(self.child.kill());
        assert!(ends(&mut self.child), "process {} survived SIGKILL", self.child.id());
        self.deaths.push(Death { pid: self.child.id(), at_line: program.log_lines() });
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        ends(&mut self.child);
    }
}

impl fmt::Display for Victim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "victim on port {}: ", self.port())?;
        match self.process.try_lock() {
            Ok(mut process) => {
                let state = match process.child.try_wait() {
                    Ok(None) => "running".to_owned(),
                    Ok(Some(status)) => format!("ended with {status}"),
                    Err(error) => error.to_string(),
                };
                write!(f, "process {} {state}, {} deaths before", process.child.id(), process.deaths.len())?;
            }
            Err(TryLockError::WouldBlock) => f.write_str("being killed or started")?,
            Err(TryLockError::Poisoned(_)) => f.write_str("could not be killed or started")?,
        }
        let errors = fs::read_to_string(self.program.errors()).unwrap_or_default();
        match errors.lines().last() {
            Some(last) => write!(f, "; its last error: {last}"),
            None => Ok(()),
        }
    }
}

impl Program {
    fn spawn(&self) -> Child {
        let Setup { program, role, store, log, fault, trace } = &self.setup;
        let mut command = match trace {
            Some(file) => {
                let mut strace = Command::new("strace");
                strace.args(["-f", "-y", "-s", "8192", "-e"]);
                strace.arg("trace=fdatasync,fsync,pwrite64,read,recvfrom,sendto,write,writev");
                strace.args(["-o", file, program]);
                strace
            }
            None => Command::new(program),
        };
        let errors = OpenOptions::new().create(true).append(true).open(self.errors()).unwrap();
        command
            .args([role, store.as_str(), &self.port.to_string(), log])
            .args(fault)
            .envs(OFFLINE)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap()
    }

    /// The file for what the process writes to standard error.
    fn errors(&self) -> String {
        format!("{}.{}.stderr", self.setup.log, self.port)
    }

    fn log_lines(&self) -> usize {
        fs::read_to_string(&self.setup.log).unwrap_or_default().lines().count()
    }
}

/// Returns `false` if the process does not end in time.
fn ends(child: &mut Child) -> bool {
    in_time(|| child.try_wait().unwrap().is_some())
}

fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap().success());
}

/// Returns `true` if all threads of the process are stopped, or have ended.
fn is_stopped(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads.flatten().all(|thread| {
        let state = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        state.rsplit_once(") ").is_none_or(|(_, state)| state.starts_with(['T', 'Z', 'X']))
    })
}

fn in_time(mut is_done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < END {
        if is_done() {
            return true;
        }
        thread::sleep(Duration::from_millis(1));
    }
    false
}

/// Returns a port below those that the system gives to outgoing connections: one of these could take the port of a dead
/// victim, or connect to itself.
pub(super) fn unused_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = process::id().wrapping_mul(61);
    (0..10_000)
        .map(|_| 20_000 + (first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000) as u16)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("no unused port")
}

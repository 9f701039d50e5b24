//! A Redis server in a temporary folder.

use std::{
    env, fs,
    io::{self, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use redis::{Client, Cmd, FromRedisValue};
use tempfile::TempDir;

const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// A server that ends with this value. It loses nothing.
pub(super) struct Server {
    folder: TempDir,
    program: &'static str,
    port: Option<u16>,
    process: Mutex<Option<Child>>,
}

impl Server {
    /// Starts a server on a Unix socket. Where none is installed, it says so and returns `None`.
    pub(super) fn start() -> Option<Self> {
        Self::start_in(&memory(), None)
    }

    /// Starts a node of a cluster, which has no slots yet, on a TCP port.
    pub(super) fn start_node() -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_in(&memory(), Some(free))
    }

    /// Starts a server with its data below this folder: a cluster on a port, or a server on a socket.
    pub(super) fn start_in(parent: &Path, port: Option<u16>) -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let is_installed =
            |program: &&str| env::split_paths(&path).any(|folder| folder.join(program).is_file());
        let Some(program) = PROGRAMS.into_iter().find(is_installed) else {
            // This bypasses the test harness, which shows the output of tests that fail only.
            let test = thread::current().name().unwrap_or_default().to_owned();
            let skipped =
                format!("SKIPPED {test}: neither Redis nor Valkey is installed (Debian: redis-server)\n");
            io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        let folder = tempfile::Builder::new().prefix("linq").tempdir_in(parent).unwrap();
        let server = Self { folder, program, port, process: Mutex::default() };
        server.start_again();
        Some(server)
    }

    pub(super) fn start_again(&self) {
        let folder = self.folder.path().display();
        let mut command = Command::new(self.program);
        command.args(["--save", "", "--appendonly", "yes", "--appendfsync", "always"]);
        command.args(["--dir", &folder.to_string(), "--logfile", "log"]);
        match self.port {
            None => command.args(["--port", "0", "--unixsocket", &format!("{folder}/socket")]),
            Some(port) => {
                let bus = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
                command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]).args([
                    "--cluster-enabled",
                    "yes",
                    "--cluster-port",
                    &bus.to_string(),
                ])
            }
        };
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        *self.process() = Some(child);
        let is_ready = || {
            let connection = self.client().get_connection();
            connection.is_ok_and(|mut connection| redis::cmd("PING").exec(&mut connection).is_ok())
        };
        let started = (0..200).any(|_| {
            is_ready() || {
                thread::sleep(Duration::from_millis(25));
                false
            }
        });
        assert!(started, "{}", self.log());
    }

    /// What the server logged.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Kills the server with SIGKILL.
    pub(super) fn kill(&self) {
        if let Some(mut child) = self.process().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Sends a signal such as `STOP`.
    pub(super) fn signal(&self, name: &str) {
        let id = self.process().as_ref().map(Child::id).unwrap();
        assert!(Command::new("kill").args(["-s", name, &id.to_string()]).status().unwrap().success());
    }

    /// How clients connect.
    pub(super) fn address(&self) -> String {
        match self.port {
            Some(port) => format!("redis://127.0.0.1:{port}"),
            None => format!("unix://{}/socket", self.folder.path().display()),
        }
    }

    pub(super) fn client(&self) -> Client {
        Client::open(self.address()).unwrap()
    }

    /// How a user with the password `secret` connects.
    pub(super) fn client_of(&self, user: &str) -> Client {
        Client::open(format!("{}?user={user}&pass=secret", self.address())).unwrap()
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap()
    }

    /// Runs a command, given as one text.
    pub(super) fn run<T: FromRedisValue>(&self, command: &str) -> T {
        let mut run = Cmd::new();
        run.arg(command.split(' ').collect::<Vec<_>>());
        let mut connection = self.client().get_connection().unwrap();
        run.query(&mut connection).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Makes this node and another one nodes of one cluster.
    pub(super) fn meet(&self, other: &Self) {
        let bus: Vec<String> = other.run("CONFIG GET cluster-port");
        self.run::<()>(&format!("CLUSTER MEET 127.0.0.1 {} {}", other.port(), bus[1]));
    }

    /// Waits until the cluster of this node is ready.
    pub(super) fn wait_for_cluster(&self) {
        let is_ready = |_| {
            thread::sleep(Duration::from_millis(50));
            self.run::<String>("CLUSTER INFO").contains("cluster_state:ok")
        };
        assert!((0..400).any(is_ready), "{}", self.run::<String>("CLUSTER INFO"));
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A folder in memory where there is one: a sync costs nothing there, and a killed server loses as little.
fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { env::temp_dir() }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

//! The peak memory of a test, which is measured in a process of its own.
#![cfg(target_os = "linux")]

use std::{env, fs, process::Command};

const ALONE: &str = "LINQ_TEST_ALONE";

/// The most memory that this process has had so far, in bytes.
pub(super) fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
}

/// Does the work of a test in another process, which runs this test alone. The work prints by how much `the peak grew`.
pub(super) async fn alone(module: &str, test: &str, work: impl Future<Output = ()>) {
    if env::var_os(ALONE).is_some() {
        return work.await;
    }
    let name = format!("{}::{test}", module.split_once("::").unwrap().1);
    let alone = Command::new(env::current_exe().unwrap())
        .args([&*name, "--exact", "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success() && said.contains("the peak grew by"), "{said}");
    println!("{said}");
}

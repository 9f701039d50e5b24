use std::{env, process::Command};

use linq_webhooks::{FromEnvError, Verifier};

use super::delivery::{OTHER_SECRET, RECEIVED, SECRET, now, signed};

const VARIABLE: &str = "LINQ_WEBHOOK_SECRET";
const IS_CHILD: &str = "LINQ_WEBHOOKS_TEST_CHILD";

/// Runs itself in a child process, because the environment of a process cannot be changed safely.
#[test]
fn from_env_reads_the_environment_of_the_process() {
    match env::var(IS_CHILD).as_deref() {
        Ok("set") => {
            let verifier = Verifier::from_env().unwrap();
            for secret in [SECRET, OTHER_SECRET] {
                assert!(verifier.verify_at(&signed(secret, RECEIVED), RECEIVED, now()).is_ok());
            }
        }
        Ok(_) => assert_eq!(Verifier::from_env().unwrap_err(), FromEnvError::Missing),
        Err(_) => {
            let secrets = format!("{SECRET}, {OTHER_SECRET}");
            assert_child_passes(child("set").env(VARIABLE, secrets));
            assert_child_passes(child("missing").env_remove(VARIABLE));
        }
    }
}

fn child(kind: &str) -> Command {
    let name = concat!(module_path!(), "::from_env_reads_the_environment_of_the_process");
    let (_, name) = name.split_once("::").unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", name]).env(IS_CHILD, kind);
    child
}

fn assert_child_passes(child: &mut Command) {
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    assert!(output.contains("1 passed; 0 failed"), "{output}");
}

//! How long the command line takes to print its version and to make one call to the sandbox. A script is what users of an SDK
//! without a command line have.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use linq_benches::{Entry, Group, Measure, Race, Row, Value, process_clock};
use linq_sandbox::Sandbox;
use tokio::runtime::Runtime;

use crate::{
    Effort,
    worker::{Peer, Programs},
};

const PHONE_NUMBERS: &str = "phone_numbers.list";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Official,
    Script(Peer),
    Ours,
}

impl Program {
    fn label(self, programs: &Programs) -> String {
        match self {
            Self::Official => "@linqapp/cli".to_owned(),
            Self::Script(peer) => format!("script, {}", programs.label(peer)),
            Self::Ours => "linq".to_owned(),
        }
    }

    fn over(self) -> Option<Self> {
        (self != Self::Ours).then_some(Self::Ours)
    }
}

pub(crate) fn measure(programs: &Programs, effort: &Effort) -> Result<Vec<Group>> {
    let runtime = Runtime::new()?;
    let _context = runtime.enter();
    let sandbox = runtime.block_on(Sandbox::start())?;
    let api = [sandbox.base_url(), sandbox.api_key()];
    let mut ours = Command::new(&programs.linq);
    ours.args(["call", PHONE_NUMBERS]).env("LINQ_API_V3_BASE_URL", api[0]).env("LINQ_API_V3_API_KEY", api[1]);
    let mut calls = vec![
        (Program::Script(Peer::Python), programs.command(Peer::Python, &["call"], &api)?),
        (Program::Script(Peer::Node), programs.command(Peer::Node, &["call"], &api)?),
        (Program::Ours, ours),
    ];
    let version = |program| {
        let mut command = Command::new(program);
        command.arg("--version");
        command
    };
    let mut versions = vec![(Program::Ours, version(&programs.linq))];
    if let Ok(official) = &programs.official_cli {
        let mut call = Command::new(official);
        call.args(["phonenumbers", "--json"]).env("LINQ_API_URL", api[0]).env("LINQ_TOKEN", api[1]);
        calls.insert(0, (Program::Official, call));
        versions.insert(0, (Program::Official, version(official)));
    }
    Ok(vec![
        group(programs, effort, "command line: print the version", versions)?,
        group(programs, effort, "command line: list the phone numbers", calls)?,
    ])
}

fn group(
    programs: &Programs,
    effort: &Effort,
    title: &str,
    commands: Vec<(Program, Command)>,
) -> Result<Group> {
    let entry = |(program, mut command): (Program, Command)| {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let run = move |times| {
            (0..times).try_for_each(|_| {
                ensure!(command.status()?.success(), "{command:?} failed");
                Ok(())
            })
        };
        Entry::new(program, Box::new(run), 1, process_clock())
    };
    let race = Race::run(commands.into_iter().map(entry).collect(), effort.rounds)?;
    let mut group = race.group(title, Measure::Wall, |program| program.label(programs), Program::over);
    if let Err(reason) = &programs.official_cli {
        let value = Value::Missing(reason.clone());
        group.rows.insert(0, Row { label: Program::Official.label(programs), value, ratio: None });
    }
    Ok(group)
}

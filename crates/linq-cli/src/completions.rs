use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::{command_line::CommandLine, report::Report};

/// Print the completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  linq completions bash
  linq completions zsh
  linq completions fish

For bash, add to ~/.bashrc: source <(linq completions bash)")]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Report {
    let mut script = Vec::new();
    generate(arguments.shell, &mut CommandLine::command(), "linq", &mut script);
    Report::new(String::from_utf8_lossy(&script).into_owned())
}

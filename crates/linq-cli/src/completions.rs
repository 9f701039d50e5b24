use std::io;

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::{command_line::CommandLine, terminal::write};

/// Print what makes a shell complete the command line.
///
/// For bash, in ~/.bashrc: source <(linq completions bash)
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments) {
    let mut script = Vec::new();
    generate(arguments.shell, &mut CommandLine::command(), "linq", &mut script);
    write(io::stdout(), &script);
}

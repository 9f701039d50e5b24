use clap::{Args, ValueEnum};
use linq::types::{
    MessageId,
    messages::AcceptedResponse,
    reactions::{Reaction, ReactionType},
};

use crate::{api_options::ApiOptions, exit_code, failure::Failure, known_value, output::Style};

/// Add a reaction to a message, or remove it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq messages react 69a37c7d-af4f-4b5e-af42-e28e98ce873a --type love\n  linq messages react 69a37c7d-af4f-4b5e-af42-e28e98ce873a --type custom --emoji 🎉\n  linq messages react 69a37c7d-af4f-4b5e-af42-e28e98ce873a --type love --operation remove\n"
)]
pub(super) struct Arguments {
    /// The id of the message.
    #[arg(value_name = "MESSAGE_ID")]
    message: MessageId,
    /// The reaction.
    #[arg(long = "type", value_name = "TYPE", value_parser = known_value::reaction_type())]
    kind: ReactionType,
    /// The emoji, for the types `custom` and `sticker`.
    #[arg(long, value_name = "EMOJI", required_if_eq("kind", "custom"))]
    emoji: Option<String>,
    /// Whether to add or to remove the reaction.
    #[arg(long, value_name = "OPERATION", value_enum, default_value = "add")]
    operation: ReactionChange,
    /// The index of the part of the message, from 0.
    #[arg(long, value_name = "N", default_value = "0")]
    part_index: u32,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReactionChange {
    Add,
    Remove,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let mut reaction = match (&self.kind, &self.emoji) {
            (ReactionType::Custom, Some(emoji)) => Reaction::emoji(emoji),
            (ReactionType::Sticker, Some(emoji)) => Reaction::sticker_emoji(emoji),
            (ReactionType::Sticker, None) => {
                let failure = Failure::new("missing --emoji; for a sticker from a file use `linq call`");
                return Err(failure.with_exit_code(exit_code::USAGE));
            }
            (kind, _) => Reaction::new(kind.clone()),
        }
        .part_index(self.part_index);
        if matches!(self.operation, ReactionChange::Remove) {
            reaction = reaction.remove();
        }
        let accepted = |_: &AcceptedResponse, style: &Style| {
            let change = match self.operation {
                ReactionChange::Add => "added to",
                ReactionChange::Remove => "removed from",
            };
            format!("{}\n", style.done(&format!("Reaction {} {change} message {}", self.kind, self.message)))
        };
        let call = client.messages().add_reaction(&self.message, reaction);
        self.options.output.show_call(call, accepted).await
    }
}

use clap::Args;
use linq::types::{Handle, chats::Chat};

use super::create::others;
use crate::{
    api_options::ApiOptions,
    failure::Failure,
    output::Style,
    paging::{Listing, Paging, quoted},
    table::{Cell, Heading},
};

const DEFAULT_LIMIT: u32 = 20;

/// List the chats of a line, newest first: 20, or --limit, or --all.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq chats list --limit 5\n  linq chats list --from +12025550100 --to +12025550199\n  linq chats list --all --json\n"
)]
pub(super) struct Arguments {
    /// Your phone number, in E.164 form. By default that of the environment or the profile.
    #[arg(long, value_name = "PHONE")]
    from: Option<Handle>,
    /// List only the chats with this person: a phone number in E.164 form, or an email address.
    #[arg(long, value_name = "HANDLE")]
    to: Option<Handle>,
    #[command(flatten)]
    paging: Paging,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

pub(super) const CHATS: Listing<Chat> = Listing {
    field: "chats",
    headings: &[
        Heading::Whole("ID"),
        Heading::Shortened("WITH"),
        Heading::Whole("SERVICE"),
        Heading::Whole("UPDATED"),
    ],
    row,
    empty: "No chats found.",
    order: None,
    created_at: |chat| chat.created_at,
};

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let line = self.options.line(self.from.as_ref())?;
        let client = self.options.account.client()?;
        let mut command = "linq chats list".to_owned();
        let mut list = client.chats().list().from_line(line);
        if let Some(from) = &self.from {
            command.push_str(&format!(" --from {}", quoted(from.as_str())));
        }
        if let Some(to) = &self.to {
            list = list.to_person(to.clone());
            command.push_str(&format!(" --to {}", quoted(to.as_str())));
        }
        self.paging.print(list, Some(DEFAULT_LIMIT), &CHATS, &self.options, &command).await
    }
}

fn row(chat: &Chat, style: &Style) -> Vec<Cell> {
    let people = others(&chat.handles);
    let name = chat.display_name.clone().filter(|name| !name.is_empty());
    vec![
        Cell::new(&chat.id),
        Cell::of(name.or(Some(people).filter(|people| !people.is_empty()))),
        Cell::of(chat.service.as_ref()),
        Cell::new(style.time(chat.updated_at.as_ref())),
    ]
}

//! `linq phonenumbers`: the lines of the account.

use clap::Args;
use linq::types::{
    HealthStatusKind,
    phone_numbers::{PhoneNumber, PhoneNumberListResponse},
};

use crate::{
    api_options::ApiOptions,
    failure::Failure,
    output::Style,
    table::{Cell, Heading, listing},
};

/// List your phone numbers, with their health.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq phonenumbers\n  linq phonenumbers --json\n")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
}

const HEADINGS: &[Heading] = &[
    Heading::Whole("ID"),
    Heading::Whole("PHONE NUMBER"),
    Heading::Whole("TYPE"),
    Heading::Whole("HEALTH"),
    Heading::Whole("FORWARDS TO"),
];

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        self.options.output.show_call(client.phone_numbers().list(), text).await
    }
}

fn text(lines: &PhoneNumberListResponse, style: &Style) -> String {
    match &*lines.phone_numbers {
        [] => "No phone numbers found.\n".to_owned(),
        lines => listing(HEADINGS, lines.iter().map(row).collect(), style, true),
    }
}

fn row(line: &PhoneNumber) -> Vec<Cell> {
    let health = line.reputation.as_ref().map(|reputation| &reputation.status);
    vec![
        Cell::new(&line.id),
        Cell::new(&line.phone_number),
        Cell::of(line.line_type.as_ref()),
        health.map_or_else(
            || Cell::new("-"),
            |health| Cell::judged(health, *health == HealthStatusKind::Healthy),
        ),
        Cell::of(line.forwarding_number.as_ref()),
    ]
}

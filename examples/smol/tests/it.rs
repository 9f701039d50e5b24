//! Runs the bot, and sends it a message.
#![cfg(test)]

use std::{process::Command, time::Duration};

use linq_sandbox::Sandbox;

use crate::{delivery::Delivery, program::Program};

#[path = "../../tests/it/delivery.rs"]
mod delivery;

#[path = "../../tests/it/program.rs"]
mod program;

#[tokio::test(flavor = "multi_thread")]
async fn it_replies_to_a_message() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut bot = Program::start(
        Command::new(env!("CARGO_BIN_EXE_linq-example-smol"))
            .env("LINQ_API_V3_API_KEY", sandbox.api_key())
            .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
            .env_remove("LINQ_WEBHOOK_URL"),
    );
    assert!(bot.next_line().starts_with("receives events at http://127.0.0.1:"));

    let casey = sandbox.person("+12025550199");
    casey.says("Are you there?").unwrap();
    assert_eq!(bot.next_line(), "Are you there?");
    let reply = casey.hears().within(Duration::from_secs(20)).await;
    assert_eq!(reply.text(), "You wrote: Are you there?");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn each_signal_ends_it_after_the_delivery_that_it_is_receiving() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let sandbox = Sandbox::start().await.unwrap();
        let mut bot = Program::start(
            Command::new(env!("CARGO_BIN_EXE_linq-example-smol"))
                .env("LINQ_API_V3_API_KEY", sandbox.api_key())
                .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
                .env_remove("LINQ_WEBHOOK_URL"),
        );
        let address = bot.next_line().strip_prefix("receives events at http://").unwrap().to_owned();
        let delivery = Delivery::begin(&address, "whsec_c2VjcmV0IG9mIGFub3RoZXIgYWNjb3VudA==", "Let me in");
        bot.signal(signal);
        assert_eq!(delivery.finish(), 401, "{signal}");
        let (status, lines) = bot.finish();
        assert!(status.success(), "{signal}");
        assert_eq!(lines, ["shut down"], "{signal}");
    }
}

//! Runs the binary.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod account;
    mod broadcast;
    mod call;
    mod command_line;
    mod doctor;
    mod durable;
    mod escaping;
    mod examples;
    mod export;
    mod failures;
    mod hidden_arguments;
    mod home;
    mod human;
    mod listen;
    mod login;
    #[cfg(feature = "mcp")]
    mod mcp;
    mod official;
    mod output;
    mod profile;
    mod proxy;
    #[expect(clippy::disallowed_methods, dead_code, reason = "written for the tests of the store")]
    #[path = "../../../linq-redis/tests/it/server.rs"]
    mod redis_server;
    mod relay;
    mod resources;
    mod running;
    mod sandbox;
    mod sandbox_options;
    mod send;
    #[expect(clippy::disallowed_methods, dead_code, reason = "written for the tests of the store")]
    #[path = "../../../linq-postgres/tests/it/server.rs"]
    mod server;
    mod shutdown;
    mod webhook;
}

//! Runs the binary.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod call;
    mod command_line;
    mod durable;
    mod escaping;
    mod examples;
    mod failures;
    mod listen;
    mod output;
    mod proxy;
    #[expect(clippy::disallowed_methods, dead_code, reason = "written for the tests of the store")]
    #[path = "../../../linq-redis/tests/it/server.rs"]
    mod redis_server;
    mod relay;
    mod replay;
    mod running;
    mod sandbox;
    mod sandbox_options;
    #[expect(clippy::disallowed_methods, dead_code, reason = "written for the tests of the store")]
    #[path = "../../../linq-postgres/tests/it/server.rs"]
    mod server;
    mod shutdown;
    mod trigger;
    mod webhook;
}

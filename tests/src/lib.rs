//! Compiles the code in the READMEs and in `docs/`, and runs it where no network is needed.

macro_rules! pages {
    ($($module:ident $path:literal)+) => {$(
        #[cfg(doctest)]
        #[doc = include_str!($path)]
        mod $module {}
    )+};
}

pages! {
    readme "../../README.md"
    adding_an_endpoint "../../docs/adding-an-endpoint.md"
    agent "../../docs/agent.md"
    architecture "../../docs/architecture.md"
    benchmarks "../../docs/benchmarks.md"
    cli "../../docs/cli.md"
    conversations "../../docs/conversations.md"
    durable "../../docs/durable.md"
    endpoints "../../docs/endpoints.md"
    features "../../docs/features.md"
    introduction "../../docs/introduction.md"
    media "../../docs/media.md"
    sandbox "../../docs/sandbox.md"
    sending "../../docs/sending.md"
    testing "../../docs/testing.md"
    text "../../docs/text.md"
    v2 "../../docs/v2.md"
    webhooks "../../docs/webhooks.md"
    linq_cli "../../crates/linq-cli/README.md"
    linq_core "../../crates/linq-core/README.md"
    linq_durable "../../crates/linq-durable/README.md"
    linq_hyper "../../crates/linq-hyper/README.md"
    linq_macros "../../crates/linq-macros/README.md"
    linq_postgres "../../crates/linq-postgres/README.md"
    linq_redis "../../crates/linq-redis/README.md"
    linq_reqwest "../../crates/linq-reqwest/README.md"
    linq_sandbox "../../crates/linq-sandbox/README.md"
    linq_sqlite "../../crates/linq-sqlite/README.md"
    linq_types "../../crates/linq-types/README.md"
    linq_ureq "../../crates/linq-ureq/README.md"
    linq_webhooks "../../crates/linq-webhooks/README.md"
}

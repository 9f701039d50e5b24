//! Compiles the code of the README and of the pages in `docs/`, and runs what can run without a network.

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
    architecture "../../docs/architecture.md"
    benchmarks "../../docs/benchmarks.md"
    cli "../../docs/cli.md"
    features "../../docs/features.md"
    introduction "../../docs/introduction.md"
    sandbox "../../docs/sandbox.md"
    sending "../../docs/sending.md"
    webhooks "../../docs/webhooks.md"
}

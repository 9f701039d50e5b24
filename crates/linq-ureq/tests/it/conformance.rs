use linq_core::testing::Conformance;
use linq_ureq::{UreqBackend, ureq::Agent};

const NO_CANCELLING: [&str; 1] = ["dropping a request cancels it"];

#[test]
fn ureq_keeps_every_rule() {
    let report = Conformance::new().check_blocking(UreqBackend::new());
    report.assert();
    assert_eq!(report.skipped().collect::<Vec<_>>(), NO_CANCELLING);
}

#[test]
fn settings_of_ureq_about_requests_and_responses_have_no_effect() {
    let backend = UreqBackend::from(Agent::config_builder().max_redirects_will_error(true).build());
    Conformance::new()
        .max_response_bytes(100_000)
        .check_blocking(backend.max_response_bytes(100_000))
        .assert();
}

#[cfg(feature = "smol")]
#[test]
fn an_unblocked_ureq_keeps_every_rule_but_that_of_cancelling() {
    let conformance = Conformance::new().max_response_bytes(100_000);
    let backend = linq_ureq::Unblock::new(UreqBackend::new().max_response_bytes(100_000));
    let report = async_io::block_on(conformance.check(backend));
    assert_eq!(report.broken().map(|(rule, _)| rule).collect::<Vec<_>>(), NO_CANCELLING);
}

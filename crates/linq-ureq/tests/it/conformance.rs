use std::{
    io::{self, Read, Write},
    net::TcpListener,
    thread,
    time::Duration,
};

use linq_core::{BlockingHttpBackend, Body, testing::Conformance};
use linq_ureq::{UreqBackend, ureq::Agent};

const NO_CANCELLING: [&str; 1] = ["dropping a request cancels it"];

#[test]
fn ureq_keeps_every_rule() {
    let report = Conformance::new().check_blocking(UreqBackend::new());
    report.assert();
    assert_eq!(report.skipped().collect::<Vec<_>>(), NO_CANCELLING);
}

#[test]
fn a_backend_on_an_agent_of_the_caller_has_the_callers_settings_and_its_own_limit() {
    let backend = UreqBackend::from(Agent::new_with_defaults()).max_response_bytes(100_000);
    let report = Conformance::new().max_response_bytes(100_000).check_blocking(backend);
    let broken: Vec<_> = report.broken().map(|(rule, _)| rule).collect();
    assert_eq!(broken, ["redirects are responses", "requests get only the headers that HTTP needs"]);
}

#[test]
fn a_backend_on_an_agent_that_gives_up_redirects_has_them_as_responses() {
    let agent: Agent = Agent::config_builder().max_redirects(1).max_redirects_will_error(true).build().into();
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = server.local_addr().unwrap();
    let answering = thread::spawn(move || {
        for _ in 0..2 {
            let mut connection = server.accept()?.0;
            let _ = connection.read(&mut [0; 1024])?;
            connection.write_all(
                b"HTTP/1.1 302 Found\r\nlocation: /\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            )?;
        }
        io::Result::Ok(())
    });
    let request = http::Request::get(format!("http://{address}/")).body(Body::empty()).unwrap();
    let response = UreqBackend::from(agent).send(request, Duration::from_secs(10)).unwrap();
    assert_eq!(response.status(), 302);
    answering.join().unwrap().unwrap();
}

#[cfg(feature = "smol")]
#[test]
fn an_unblocked_ureq_keeps_every_rule_but_that_of_cancelling() {
    let conformance = Conformance::new().max_response_bytes(100_000);
    let backend = linq_ureq::Unblock::new(UreqBackend::new().max_response_bytes(100_000));
    let report = async_io::block_on(conformance.check(backend));
    assert_eq!(report.broken().map(|(rule, _)| rule).collect::<Vec<_>>(), NO_CANCELLING);
}

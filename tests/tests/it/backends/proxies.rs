//! Proxies of the environment, which belong to a whole process.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
};

use linq_core::{Body, TransportErrorKind};
use linq_reqwest::ReqwestBackend;
use linq_ureq::UreqBackend;

use super::{
    Backend, all, asynchronous, in_own_process, is_in_own_process, read_head, serve, write_response,
};

const TEST: &str =
    "it::backends::proxies::the_proxies_of_the_environment_are_used_except_for_this_machine_and_no_proxy";
const URLS: &str = "LINQ_TEST_URLS";
const REMOTE: &str = "http://api.linq.invalid/v3/chats";
const SECURE: &str = "https://api.linq.invalid/v3/chats";
const OTHER: &str = "http://storage.invalid/v3/chats";

/// A proxy that keeps the head of each request and answers all of them itself.
fn proxy() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&heads);
    let address = serve(move |mut stream| {
        loop {
            let head = read_head(&mut stream)?;
            let Some(line) = head.lines().next() else { return Ok(()) };
            kept.lock().unwrap().push(head.clone());
            if line.starts_with("CONNECT") {
                std::io::Write::write_all(stream.get_mut(), b"HTTP/1.1 200 OK\r\n\r\n")?;
                // The handshake of TLS gets no answer.
                if line.contains(":443 ") {
                    return Ok(());
                }
            } else {
                write_response(stream.get_mut(), 200, "proxied")?;
            }
        }
    });
    (address, heads)
}

#[test]
fn the_proxies_of_the_environment_are_used_except_for_this_machine_and_no_proxy() {
    if is_in_own_process() {
        return print_ways();
    }
    let (proxy, heads) = proxy();
    let proxy = format!("http://{proxy}");
    let server = serve(|mut stream| {
        while !read_head(&mut stream)?.is_empty() {
            write_response(stream.get_mut(), 200, "direct")?;
        }
        Ok(())
    });
    let port = server.port();
    let here = [format!("http://127.0.0.1:{port}/"), format!("http://localhost:{port}/")];
    let (proxied, direct) = (format!("{REMOTE} proxied"), format!("{REMOTE} not found"));
    let other = (format!("{OTHER} proxied"), format!("{OTHER} not found"));
    type Case<'a> = (&'a [(&'a str, &'a str)], [&'a str; 2]);
    let cases: [Case<'_>; 9] = [
        (&[], [&direct, &other.1]),
        (&[("http_proxy", &proxy)], [&proxied, &other.0]),
        (&[("HTTP_PROXY", &proxy)], [&proxied, &other.0]),
        (&[("ALL_PROXY", &proxy)], [&proxied, &other.0]),
        (&[("HTTPS_PROXY", &proxy)], [&direct, &other.1]),
        (&[("HTTP_PROXY", &proxy), ("NO_PROXY", "*")], [&direct, &other.1]),
        (&[("HTTP_PROXY", &proxy), ("no_proxy", "127.0.0.0/8,::1,localhost")], [&proxied, &other.0]),
        (&[("HTTP_PROXY", &proxy), ("NO_PROXY", ".linq.invalid")], [&direct, &other.0]),
        (&[("ALL_PROXY", &proxy), ("NO_PROXY", "storage.invalid")], [&proxied, &other.1]),
    ];
    thread::scope(|scope| {
        for (vars, remote) in &cases {
            let here = &here;
            scope.spawn(move || {
                let urls = [&here[..], &[REMOTE.to_owned(), OTHER.to_owned()]].concat().join(" ");
                let printed = in_own_process(TEST, &[*vars, &[(URLS, &urls)]].concat());
                let expected: Vec<_> = here.iter().map(|url| format!("{url} direct")).collect();
                for (name, _) in all() {
                    let found: Vec<_> =
                        printed.lines().filter_map(|line| line.strip_prefix(&format!("{name}: "))).collect();
                    // The connector of hyper decides about proxies, and the ready-made one uses none.
                    let remote =
                        if name == "hyper" { &[&*direct_of(REMOTE), &*direct_of(OTHER)] } else { remote };
                    assert_eq!(found, [&expected[0], &expected[1], remote[0], remote[1]], "{name} {vars:?}");
                }
            });
        }
    });
    for head in heads.lock().unwrap().iter() {
        assert!(head.contains(".invalid"), "a request to this machine arrived at the proxy: {head}");
    }
}

#[test]
fn https_goes_through_its_proxy_and_a_client_can_turn_proxies_off() {
    const TEST: &str =
        "it::backends::proxies::https_goes_through_its_proxy_and_a_client_can_turn_proxies_off";
    if is_in_own_process() {
        return print_ways_without_proxies();
    }
    let (proxy, heads) = proxy();
    let printed = in_own_process(TEST, &[("HTTPS_PROXY", &format!("http://{proxy}")), (URLS, SECURE)]);
    let heads = heads.lock().unwrap();
    let lines: Vec<_> = heads.iter().filter_map(|head| head.lines().next()).collect();
    let expected = "CONNECT api.linq.invalid:443 HTTP/1.1";
    assert_eq!(lines, [expected; 3], "reqwest, ureq, ureq in Unblock: {printed}");
}

fn direct_of(url: &str) -> String {
    format!("{url} not found")
}

/// Prints, for each backend and URL, which way a request went.
fn print_ways() {
    for (name, backend) in all() {
        print_ways_of(name, &backend);
    }
}

fn print_ways_without_proxies() {
    print_ways();
    let reqwest = ReqwestBackend::client_builder().no_proxy().build().unwrap();
    print_ways_of("reqwest", &asynchronous(ReqwestBackend::from(reqwest)));
    let ureq = UreqBackend::from(UreqBackend::config_builder().proxy(None).build());
    print_ways_of("ureq", &Backend::Blocking(Arc::new(ureq)));
}

fn print_ways_of(name: &str, backend: &Backend) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for url in std::env::var(URLS).unwrap().split(' ') {
        let request = http::Request::get(url).body(Body::empty()).unwrap();
        match runtime.block_on(backend.send(request)) {
            Ok(response) => println!("{name}: {url} {}", String::from_utf8_lossy(response.body())),
            Err(error) if error.kind() == TransportErrorKind::Connect => println!("{name}: {url} not found"),
            Err(error) => println!("{name}: {url} {error:?}"),
        }
    }
}

//! Requests that another page, or somebody without the key, could make.

use linq_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::super::api::Api;

async fn answer(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(sandbox.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn token(sandbox: &Sandbox) -> &str {
    sandbox.page_url().split_once("/#token=").unwrap().1
}

#[tokio::test]
async fn the_page_needs_no_credential_and_has_no_secret() {
    let api = Api::still().await;
    let (sandbox, host) = (&api.sandbox, "host: localhost\r\n");
    for path in ["/", "/page/style.css", "/page/main.js"] {
        let got = answer(sandbox, "GET", path, host, "").await;
        assert_eq!(status(&got), "200", "{got}");
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
             media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
            "x-content-type-options: nosniff\r\n",
            "referrer-policy: no-referrer\r\n",
            "cache-control: no-store\r\n",
        ] {
            assert!(got.contains(header), "{path}: {header}: {got}");
        }
        assert!(!got.contains(sandbox.api_key()) && !got.contains(token(sandbox)));
        assert_eq!(status(&answer(sandbox, "HEAD", path, host, "").await), "200");
        assert_eq!(status(&answer(sandbox, "POST", path, host, "").await), "401");
        assert_eq!(status(&answer(sandbox, "GET", path, "host: evil.example\r\n", "").await), "421");
    }
    assert_eq!(status(&answer(sandbox, "GET", "/page/other.js", host, "").await), "401");
}

#[tokio::test]
async fn a_foreign_origin_cannot_use_the_control_endpoints_whatever_its_credential() {
    let api = Api::still().await;
    let sandbox = &api.sandbox;
    let port = sandbox.address().port();
    for credential in [sandbox.api_key(), token(sandbox), "wrong"] {
        for (origin, refused) in [
            (None, false),
            (Some(format!("http://localhost:{port}")), false),
            (Some(format!("HTTP://LOCALHOST:{port}")), false),
            (Some("null".to_owned()), true),
            (Some(String::new()), true),
            (Some("http://localhost".to_owned()), true),
            (Some(format!("http://localhost:{}", port ^ 1)), true),
            (Some(format!("https://localhost:{port}")), true),
            (Some(format!("http://127.0.0.1:{port}")), true),
            (Some("http://evil.example".to_owned()), true),
        ] {
            let origin = origin.map(|origin| format!("origin: {origin}\r\n")).unwrap_or_default();
            let headers = format!("host: localhost:{port}\r\nauthorization: Bearer {credential}\r\n{origin}");
            let expected = match credential {
                _ if refused => "403",
                "wrong" => "401",
                _ => "200",
            };
            for (method, path, body) in
                [("GET", "/sandbox/time", ""), ("POST", "/sandbox/advance", r#"{"seconds":0}"#)]
            {
                let got = answer(sandbox, method, path, &headers, body).await;
                assert_eq!(status(&got), expected, "{method} {path} {headers}: {got}");
            }
            if refused {
                assert_eq!(status(&answer(sandbox, "GET", "/sandbox/events", &headers, "").await), "403");
            }
        }
    }
    let two = format!(
        "host: localhost:{port}\r\norigin: http://localhost:{port}\r\norigin: http://evil.example\r\nauthorization: Bearer {}\r\n",
        sandbox.api_key()
    );
    assert_eq!(status(&answer(sandbox, "GET", "/sandbox/time", &two, "").await), "403");
}

#[tokio::test]
async fn the_token_is_for_the_control_endpoints_only() {
    let api = Api::still().await;
    let sandbox = &api.sandbox;
    let with = |key: &str| format!("host: localhost\r\nauthorization: Bearer {key}\r\n");
    let token = token(sandbox);
    for (path, key, expected) in [
        ("/sandbox/time", token, "200"),
        ("/sandbox/time", sandbox.api_key(), "200"),
        ("/sandbox/time", &token[..31], "401"),
        ("/sandbox/time", &format!("{token}0"), "401"),
        ("/sandbox/time", "", "401"),
        ("/api/partner/v3/phone_numbers", token, "401"),
        ("/api/partner/v3/phone_numbers", sandbox.api_key(), "200"),
    ] {
        let got = answer(sandbox, "GET", path, &with(key), "").await;
        assert_eq!(status(&got), expected, "{path}: {got}");
    }
    assert_eq!(status(&answer(sandbox, "GET", "/sandbox/time", "host: localhost\r\n", "").await), "401");
}

#[tokio::test]
async fn the_token_is_random_and_not_in_the_url_of_a_sandbox_that_others_reach() {
    let [one, other] = [Api::still().await, Api::still().await];
    assert_ne!(token(&one.sandbox), token(&other.sandbox), "though the seed is the same");
    assert!(!format!("{:?}", one.sandbox).contains(token(&one.sandbox)));
    let open = Sandbox::builder().address(([0, 0, 0, 0], 0)).start().await.unwrap();
    assert_eq!(open.page_url(), format!("http://{}/", open.address()));
}

#[tokio::test]
async fn an_uploaded_page_can_do_nothing() {
    let api = Api::still().await;
    let sandbox = &api.sandbox;
    let headers =
        format!("host: localhost\r\nauthorization: Bearer {}\r\ncontent-type: text/html\r\n", token(sandbox));
    let html = "<script>alert(1)</script>";
    let got = answer(sandbox, "POST", "/sandbox/attachments?filename=a.html", &headers, html).await;
    assert_eq!(status(&got), "200", "{got}");
    let body: serde_json::Value = serde_json::from_str(got.split_once("\r\n\r\n").unwrap().1).unwrap();
    let path = body["url"].as_str().unwrap().split_once("/media/").unwrap().1;
    for (path, expected) in [(format!("/media/{path}"), "200"), (format!("/media/{path}0"), "403")] {
        let got = answer(sandbox, "GET", &path, "host: localhost\r\n", "").await;
        assert_eq!(status(&got), expected, "{got}");
        assert!(got.contains("content-security-policy: sandbox; default-src 'none'\r\n"), "{got}");
        assert!(got.contains("x-content-type-options: nosniff\r\n"), "{got}");
    }
}

#[tokio::test]
async fn what_a_stranger_sends_is_clipped_and_redacted_in_the_log() {
    let api = Api::still().await;
    let method = "A".repeat(60_000);
    let headers = "host: localhost\r\ncookie: session=other\r\nproxy-authorization: secret\r\nauthorization: secret\r\n";
    assert_eq!(status(&answer(&api.sandbox, &method, "/x", headers, "").await), "401");
    let request = &api.sandbox.requests()[0];
    assert_eq!(request.method.as_str(), "A".repeat(32));
    for name in ["cookie", "proxy-authorization", "authorization"] {
        assert_eq!(request.headers[name], "[redacted]", "{name}");
    }
}

#[tokio::test]
async fn a_web_page_of_another_origin_does_not_fill_the_log() {
    let api = Api::still().await;
    for (headers, is_kept) in [
        ("host: localhost\r\n", true),
        ("host: localhost\r\norigin: http://localhost\r\n", true),
        ("host: localhost\r\norigin: https://evil.example\r\n", false),
        ("host: evil.example\r\n", false),
    ] {
        let before = api.sandbox.requests().len();
        for path in ["/x", "/api/partner/v3/chats", "/sandbox/time"] {
            answer(&api.sandbox, "GET", path, headers, "").await;
        }
        let kept = api.sandbox.requests().len() - before;
        assert_eq!(kept, if is_kept { 3 } else { 0 }, "{headers}");
    }
}

#[tokio::test]
async fn what_a_page_or_a_stranger_asks_does_not_change_the_ids_of_a_program() {
    let mut ids = Vec::new();
    for asks in [false, true] {
        let api = Api::with(Sandbox::builder().manual_time().seed(7)).await;
        if asks {
            let with_token = format!("host: localhost\r\nauthorization: Bearer {}\r\n", token(&api.sandbox));
            for (path, headers) in [
                ("/", "host: localhost\r\n"),
                ("/sandbox/time", &*with_token),
                ("/sandbox/time", "host: localhost\r\n"),
                ("/media/none/picture.png", "host: localhost\r\n"),
            ] {
                answer(&api.sandbox, "GET", path, headers, "").await;
            }
        }
        ids.push(api.sandbox.person("+12025550199").says("Hi!").unwrap());
    }
    assert_eq!(ids[0], ids[1]);
}

//! Redirects are errors that say where they lead.

use super::*;

#[test]
fn a_redirect_is_an_error_with_its_location_and_says_that_it_is_not_followed() {
    for status in [300, 301, 302, 303, 307, 308] {
        for body in ["", "<html>over there</html>"] {
            let location = [("location", "https://user:secret@api.example.com/v4/chats?token=secret#secret")];
            let error =
                last_error(&mut exchange(send(), KeySource::default()), response(status, &location, body));
            let shown = error.to_string();
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, status));
            assert_eq!(error.location(), Some("https://api.example.com/v4/chats?..."));
            assert!(shown.contains("https://api.example.com/v4/chats?..."), "{shown}");
            assert!(shown.ends_with("redirects are not followed: check the base URL"), "{shown}");
            assert!(!format!("{error:?} {shown}").contains("secret"), "{error:?} {shown}");
            assert_eq!((error.attempts(), error.maybe_sent(), error.retry()), (1, false, Retry::Never));
        }
    }
    insta::assert_snapshot!(last_error(
        &mut exchange(send(), KeySource::default()),
        response(308, &[("location", "/api/partner/v4/chats")], "")
    ), @"POST /v3/chats/{chatId}/messages: the API responded with 308 Permanent Redirect and the location /api/partner/v4/chats; redirects are not followed: check the base URL");
}

#[test]
fn a_redirect_without_a_location_that_can_be_shown_says_that_it_is_not_followed_too() {
    for headers in [&[][..], &[("location", "")], &[("location", "user:secret@example.com")]] {
        let error = last_error(&mut exchange(send(), KeySource::default()), response(302, headers, ""));
        assert_eq!(error.location(), None);
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: the API responded with 302 Found; redirects are not followed: check the base URL");
        }
    }
}

#[test]
fn an_error_does_not_point_to_a_body_that_is_empty() {
    let error = last_error(&mut exchange(send(), KeySource::default()), response(404, &[], ""));
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: the API responded with 404 Not Found; not the documented error response: it has no body");
    let error = last_error(&mut exchange(send(), KeySource::default()), response(404, &[], "<html>"));
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: the API responded with 404 Not Found; not the documented error response: see `body()`");
}

//! The target URLs of subscriptions to the same endpoint, which differ in two query parameters.

/// Selects the format of the payloads.
const VERSION: &str = "version";
/// Makes the URLs of an endpoint's subscriptions differ, because the API accepts each URL once.
const ROTATION: &str = "rotation";
/// The newest format.
const NEWEST: &str = "2026-02-03";

/// Returns `true` if both URLs are of one endpoint.
pub(super) fn is_same_endpoint(left: &str, right: &str) -> bool {
    let endpoint = |url| without(&without(url, VERSION), ROTATION);
    endpoint(left) == endpoint(right)
}

/// Returns the URL with the newest format, unless it has a version.
pub(super) fn pinned(url: &str) -> String {
    match parameter(url, VERSION) {
        Some(_) => url.to_owned(),
        None => with(url, VERSION, NEWEST),
    }
}

/// Returns the number in the URL; 0 if it has none.
pub(super) fn rotation(url: &str) -> u64 {
    parameter(url, ROTATION).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Returns the URL with this number, or without one if it is 0.
pub(super) fn rotated(url: &str, rotation: u64) -> String {
    let url = without(url, ROTATION);
    match rotation {
        0 => url,
        _ => with(&url, ROTATION, &rotation.to_string()),
    }
}

/// Splits a URL into what precedes the query and the query. The API does not request the fragment.
fn split(url: &str) -> (&str, Option<&str>) {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)))
}

fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(|parameter| (parameter, parameter.split('=').next().unwrap_or_default()))
}

fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (parameter, _) = parameters(split(url).1?).find(|(_, found)| *found == name)?;
    parameter.split_once('=').map(|(_, value)| value)
}

fn with(url: &str, name: &str, value: &str) -> String {
    match split(url) {
        (path, None | Some("")) => format!("{path}?{name}={value}"),
        (path, Some(query)) => format!("{path}?{query}&{name}={value}"),
    }
}

fn without(url: &str, name: &str) -> String {
    let (path, query) = split(url);
    let left: Vec<_> = parameters(query.unwrap_or_default())
        .filter(|(parameter, found)| *found != name && !parameter.is_empty())
        .map(|(parameter, _)| parameter)
        .collect();
    match left.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", left.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_pinned_to_the_newest_format_unless_it_has_a_version() {
        for (url, expected) in [
            ("https://example.com/linq", "https://example.com/linq?version=2026-02-03"),
            ("https://example.com/linq?", "https://example.com/linq?version=2026-02-03"),
            ("https://example.com?a=1#top", "https://example.com?a=1&version=2026-02-03"),
            ("https://example.com/?version=2025-01-01&a", "https://example.com/?version=2025-01-01&a"),
            ("https://example.com/?subversion=1", "https://example.com/?subversion=1&version=2026-02-03"),
        ] {
            assert_eq!(pinned(url), expected);
            assert_eq!(pinned(expected), expected);
            assert!(is_same_endpoint(url, expected), "{url}");
        }
    }

    #[test]
    fn rotations_of_a_url_are_of_one_endpoint() {
        let url = "https://example.com/linq?a=1&version=2026-02-03";
        assert_eq!((rotation(url), rotated(url, 0).as_str()), (0, url));
        let first = rotated(url, 1);
        assert_eq!(first, "https://example.com/linq?a=1&version=2026-02-03&rotation=1");
        assert_eq!(rotated(&first, 12), "https://example.com/linq?a=1&version=2026-02-03&rotation=12");
        assert_eq!((rotation(&first), rotated(&first, 0).as_str()), (1, url));
        assert!(is_same_endpoint(&first, "https://example.com/linq?a=1"));
        for other in ["https://example.com/linq", "https://example.com/linq?a=2", "https://example.com/other?a=1"] {
            assert!(!is_same_endpoint(&first, other), "{other}");
        }
    }
}

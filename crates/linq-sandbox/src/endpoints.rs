//! Finds the operation of a request.

use std::{borrow::Cow, sync::LazyLock};

use linq_types::{Operation, v2};
use percent_encoding::percent_decode_str;

/// The path of the API's base URL.
pub(crate) const BASE: &str = "/api/partner";

/// The parsed route of an operation.
struct Pattern<O> {
    operation: O,
    method: &'static str,
    /// `None` is a parameter.
    segments: Vec<Option<&'static str>>,
}

/// All routes, those with fewer parameters first, so that literal segments win.
static PATTERNS: LazyLock<Vec<Pattern<Operation>>> = LazyLock::new(|| {
    let pattern = |one: &Operation| Pattern::new(*one, one.method().as_str(), one.route());
    let mut patterns: Vec<_> = Operation::ALL.iter().map(pattern).collect();
    patterns.sort_by_key(|pattern| pattern.segments.iter().filter(|segment| segment.is_none()).count());
    patterns
});

/// All routes of V2, none of which is a special case of another one.
static V2_PATTERNS: LazyLock<Vec<Pattern<v2::Operation>>> = LazyLock::new(|| {
    let pattern = |one: &v2::Operation| Pattern::new(*one, one.method().as_str(), one.route());
    v2::Operation::ALL.iter().map(pattern).collect()
});

impl<O: Copy> Pattern<O> {
    fn new(operation: O, method: &'static str, route: &'static str) -> Self {
        let segments = route.split('/').skip(1);
        Self {
            operation,
            method,
            segments: segments.map(|segment| (!is_parameter(segment)).then_some(segment)).collect(),
        }
    }

    fn fits(&self, method: &str, segments: &[Cow<'_, str>]) -> bool {
        self.method == method
            && self.segments.len() == segments.len()
            && self.segments.iter().zip(segments).all(|(known, given)| match known {
                Some(known) => known == given,
                None => !given.is_empty(),
            })
    }
}

/// Returns `true` for the paths of V2.
pub(crate) fn is_of_v2(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|path| path == "/v2" || path.starts_with("/v2/"))
}

/// Returns the operation of a request and the values of the parameters in its path.
pub(crate) fn find<'a>(method: &str, path: &'a str) -> Option<(Operation, Vec<Cow<'a, str>>)> {
    find_in(&PATTERNS, method, path)
}

/// Returns the operation of a V2 request and the values of the parameters in its path.
pub(crate) fn find_v2<'a>(method: &str, path: &'a str) -> Option<(v2::Operation, Vec<Cow<'a, str>>)> {
    find_in(&V2_PATTERNS, method, path)
}

fn find_in<'a, O: Copy>(
    patterns: &[Pattern<O>],
    method: &str,
    path: &'a str,
) -> Option<(O, Vec<Cow<'a, str>>)> {
    let segments = segments(path.strip_prefix(BASE)?, "/");
    let pattern = patterns.iter().find(|pattern| pattern.fits(method, &segments))?;
    let parameters = pattern.segments.iter().zip(segments).filter(|(known, _)| known.is_none());
    Some((pattern.operation, parameters.map(|(_, value)| value).collect()))
}

/// Returns the operation with this method and route; the names of the parameters do not matter.
pub(crate) fn by_route(method: &str, route: &str) -> Option<Operation> {
    let same = |(known, given): (&str, &str)| known == given || (is_parameter(known) && is_parameter(given));
    Operation::ALL.iter().copied().find(|operation| {
        operation.method().as_str() == method
            && operation.route().split('/').count() == route.split('/').count()
            && operation.route().split('/').zip(route.split('/')).all(same)
    })
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// Returns the decoded segments of a path after `base`; none if the path does not start with it.
pub(crate) fn segments<'a>(path: &'a str, base: &str) -> Vec<Cow<'a, str>> {
    let path = path.strip_prefix(base);
    let segments = path.into_iter().flat_map(|path| path.split('/'));
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_operation_by_its_own_route_and_by_no_longer_one() {
        for operation in Operation::ALL {
            let path = format!("{BASE}{}", operation.route().replace(['{', '}'], ""));
            let method = operation.method().as_str();
            assert_eq!(find(method, &path).map(|(found, _)| found), Some(*operation));
            assert_eq!(find(method, &format!("{path}/more/than/this")), None);
            assert_eq!(find(method, path.trim_start_matches(BASE)), None);
        }
    }

    #[test]
    fn finds_each_operation_of_v2_by_its_own_route() {
        for operation in v2::Operation::ALL {
            let path = format!("{BASE}{}", operation.route().replace(['{', '}'], ""));
            let method = operation.method().as_str();
            assert_eq!(find_v2(method, &path).map(|(found, _)| found), Some(*operation));
            assert_eq!((find(method, &path), is_of_v2(&path)), (None, true));
        }
        assert!(
            !is_of_v2("/api/partner/v3/chats") && !is_of_v2("/api/partner/v20") && !is_of_v2("/v2/chats")
        );
    }

    #[test]
    fn decodes_the_parameters_and_takes_no_empty_one() {
        let found = find("GET", "/api/partner/v3/payments/handles/a%2Fb/connection");
        assert_eq!(found, Some((Operation::PaymentHandlesConnection, vec!["a/b".into()])));
        let found = find("GET", "/api/partner/v3/payments/providers/credentials");
        assert_eq!(found, Some((Operation::PaymentProvidersRetrieve, vec!["credentials".into()])));
        assert_eq!(find("GET", "/api/partner/v3/chats/"), None);
        assert_eq!(find("PATCH", "/api/partner/v3/chats"), None);
    }
}

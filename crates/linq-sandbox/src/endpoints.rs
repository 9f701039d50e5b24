//! Finds the operation of a request.

use std::{borrow::Cow, sync::LazyLock};

use linq_types::Operation;
use percent_encoding::percent_decode_str;

/// The path of the API's base URL.
pub(crate) const BASE: &str = "/api/partner";

/// The parsed route of an operation.
struct Pattern {
    operation: Operation,
    method: &'static str,
    /// `None` is a parameter.
    segments: Vec<Option<&'static str>>,
}

/// All routes, those with fewer parameters first, so that literal segments win.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let mut patterns: Vec<_> = Operation::ALL.iter().map(|operation| Pattern::new(*operation)).collect();
    patterns.sort_by_key(|pattern| pattern.segments.iter().filter(|segment| segment.is_none()).count());
    patterns
});

impl Pattern {
    fn new(operation: Operation) -> Self {
        let segments = operation.route().split('/').skip(1);
        Self {
            operation,
            method: operation.method().as_str(),
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

/// Returns the operation of a request and the values of the parameters in its path.
pub(crate) fn find<'a>(method: &str, path: &'a str) -> Option<(Operation, Vec<Cow<'a, str>>)> {
    let segments = segments(path.strip_prefix(BASE)?, "/");
    let pattern = PATTERNS.iter().find(|pattern| pattern.fits(method, &segments))?;
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
    fn decodes_the_parameters_and_takes_no_empty_one() {
        let found = find("GET", "/api/partner/v3/payments/handles/a%2Fb/connection");
        assert_eq!(found, Some((Operation::PaymentHandlesConnection, vec!["a/b".into()])));
        let found = find("GET", "/api/partner/v3/payments/providers/credentials");
        assert_eq!(found, Some((Operation::PaymentProvidersRetrieve, vec!["credentials".into()])));
        assert_eq!(find("GET", "/api/partner/v3/chats/"), None);
        assert_eq!(find("PATCH", "/api/partner/v3/chats"), None);
    }
}

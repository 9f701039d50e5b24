//! Where a request goes, and its headers.

use std::{collections::BTreeMap, sync::Arc};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{AUTHORIZATION, CONTENT_LENGTH},
};
use linq_types::IdempotencyKey;

use crate::{
    config::Config,
    error::InvalidRequest,
    request::{Accept, Query, Target},
};

pub(super) const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The address, and the headers that belong to it: of the API those that all its calls have.
pub(super) fn address(
    config: &Config,
    method: &Method,
    accept: Accept,
    target: Target,
    query: Query,
) -> Result<(Uri, Arc<HeaderMap>), InvalidRequest> {
    match target {
        Target::Api(path) => {
            let mut whole = config.settings.query.clone();
            whole.extend(query);
            let uri = config.base_url.join(&path.map_err(InvalidRequest::Path)?, &whole);
            Ok((uri.ok_or(InvalidRequest::Uri)?, Arc::clone(config.headers(method, accept))))
        }
        Target::Foreign { url, headers } => {
            let (uri, headers) = foreign(&url, &headers)?;
            Ok((uri, Arc::new(headers)))
        }
    }
}

fn foreign(url: &str, headers: &BTreeMap<String, String>) -> Result<(Uri, HeaderMap), InvalidRequest> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| InvalidRequest::Header)?;
        let value = HeaderValue::try_from(value).map_err(|_| InvalidRequest::Header)?;
        // The backend writes the length of the body itself.
        if name != CONTENT_LENGTH {
            map.insert(name, value);
        }
    }
    let url: Uri = url.parse().map_err(|_| InvalidRequest::Uri)?;
    if url.scheme().is_none() || url.authority().is_none() {
        return Err(InvalidRequest::Uri);
    }
    Ok((url, map))
}

pub(super) fn insert_key(headers: &mut Arc<HeaderMap>, key: &IdempotencyKey) -> Result<(), InvalidRequest> {
    let value = HeaderValue::try_from(key.as_str()).map_err(|_| InvalidRequest::Header)?;
    Arc::make_mut(headers).insert(KEY_HEADER, value);
    Ok(())
}

/// Lays a call's own headers over those that are there. `None` takes one away.
pub(super) fn lay_over(headers: &mut Arc<HeaderMap>, own: Vec<(HeaderName, Option<HeaderValue>)>) {
    for (name, value) in own {
        let headers = Arc::make_mut(headers);
        match value {
            Some(mut value) => {
                value.set_sensitive(name == AUTHORIZATION);
                headers.insert(name, value);
            }
            None => drop(headers.remove(name)),
        }
    }
}

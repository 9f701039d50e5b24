//! The URL of a request, and its headers.

use std::{collections::BTreeMap, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::CONTENT_LENGTH};

use crate::{
    config::{Config, MethodKind, is_credential},
    error::InvalidRequest,
    request::{Accept, Credential, Query, Target},
};

/// The URL, and the headers that belong to it: for the API those that all its calls have.
pub(super) fn address(
    config: &Config,
    credential: Credential,
    method: MethodKind,
    accept: Accept,
    target: Target,
    query: Query,
) -> Result<(Uri, Arc<HeaderMap>), InvalidRequest> {
    match target {
        Target::Api(path) => {
            let query = query.with_defaults(&config.settings.query);
            let uri = config.base_url.join(&path.map_err(InvalidRequest::Path)?, &query);
            Ok((uri.ok_or(InvalidRequest::Uri)?, Arc::clone(config.headers(credential, method, accept))))
        }
        Target::Foreign { url, headers } => {
            let (uri, mut headers) = foreign(&url, &headers)?;
            if method == MethodKind::EmptyBody {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            Ok((uri, Arc::new(headers)))
        }
    }
}

fn foreign(url: &str, headers: &BTreeMap<String, String>) -> Result<(Uri, HeaderMap), InvalidRequest> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| InvalidRequest::Header)?;
        let value = HeaderValue::try_from(value).map_err(|_| InvalidRequest::Header)?;
        // The length is that of the body, which the backend writes.
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

/// Sets the headers of one call in place of those that are there. `None` removes one.
pub(super) fn apply_overrides(
    headers: &mut Arc<HeaderMap>,
    overrides: Vec<(HeaderName, Option<HeaderValue>)>,
) {
    for (name, value) in overrides {
        let headers = Arc::make_mut(headers);
        match value {
            Some(mut value) => {
                value.set_sensitive(is_credential(&name));
                headers.insert(name, value);
            }
            None => drop(headers.remove(name)),
        }
    }
}

use http::{HeaderName, HeaderValue, Method};

use super::{ExtraBody, Options, body, key::KeyPlan};
use crate::{
    Body,
    config::Setup,
    error::{Error, InvalidRequest},
    request::{Accept, Endpoint, Payload, Query, RequestSpec, Target},
};

/// A valid request with its body and its key, before it has an address and headers.
pub(crate) struct Draft {
    pub(crate) endpoint: Endpoint,
    pub(super) method: Method,
    pub(crate) target: Target,
    /// Without the parameters of the client.
    pub(crate) query: Query,
    pub(super) accept: Accept,
    pub(crate) body: Body,
    pub(crate) key: KeyPlan,
    /// What the caller set for this call.
    pub(crate) headers: Vec<(HeaderName, Option<HeaderValue>)>,
}

impl Draft {
    /// Validates the request, chooses its key, and writes its body.
    pub(crate) fn new(setup: &Setup, spec: RequestSpec, options: &mut Options) -> Result<Self, Error> {
        let RequestSpec { endpoint, target, path_violation, mut query, payload, accept } = spec;
        let reject = |invalid: InvalidRequest| Error::invalid(invalid, &endpoint);
        let extra = options.extra.take().map(|extra| *extra).unwrap_or_default();
        if let Some(invalid) = extra.invalid {
            return Err(reject(invalid));
        }
        let method = endpoint.method();
        // A GET has no body to change.
        let extra_body = if method == Method::GET { ExtraBody::default() } else { extra.body };
        let validates = !(options.skip_validation || setup.config.settings.skip_validation);
        query.extend(extra.query);
        if validates {
            path_violation.map_or(Ok(()), Err).map_err(|violation| reject(violation.into()))?;
            query.check().map_err(|violation| reject(violation.into()))?;
            check_rules(&payload, &extra_body).map_err(reject)?;
        }

        let given = options.idempotency_key.take();
        let mut key = KeyPlan::new(&endpoint, given, &extra.headers, options.requires_key);
        let body = body::write(payload, extra_body, &mut key, &setup.keys).map_err(reject)?;
        key.check(validates).map_err(reject)?;

        Ok(Self { endpoint, method, target, query, accept, body, key, headers: extra.headers })
    }
}

/// Checks the rules of a body, except for what the caller's own JSON replaces.
fn check_rules(payload: &Payload, extra: &ExtraBody) -> Result<(), InvalidRequest> {
    match payload {
        Payload::Json(body) => match body.check() {
            Err(violation) if !extra.replaces(&violation.path) => Err(violation.into()),
            _ => Ok(()),
        },
        Payload::None | Payload::Upload(_) => Ok(()),
    }
}

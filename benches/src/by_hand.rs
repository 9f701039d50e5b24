//! The same call as one writes it with the HTTP library alone: same address, headers, time limit, check of the status
//! and types.

mod hyper;
mod reqwest;
mod ureq;

use std::time::Duration;

use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, USER_AGENT},
};

pub(crate) use self::{
    hyper::Hyper,
    reqwest::{Reqwest, ReqwestJson},
    ureq::Ureq,
};

/// The limits of the backends and of the client.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);

fn headers() -> HeaderMap {
    let mut authorization = HeaderValue::from_static("Bearer key");
    authorization.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, authorization);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static("by-hand/0.1.0"));
    headers
}

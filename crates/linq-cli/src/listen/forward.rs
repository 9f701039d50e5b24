//! Forwards deliveries.

use http::{HeaderMap, StatusCode};
use linq::webhooks::{Scheme, Signer};

use crate::{
    target::{Target, sign_again},
    target_url::TargetUrl,
    webhook::Delivery,
};

/// Forwards deliveries to a URL.
#[derive(Debug)]
pub(super) struct Forward {
    target: Target,
    /// Without it, the signatures that came are kept.
    signer: Option<Signer>,
}

impl Forward {
    pub(super) fn new(target: TargetUrl, secret: Option<&str>) -> Result<Self, String> {
        let signer = secret.map(Signer::new).transpose().map_err(|error| error.to_string())?;
        Ok(Self { target: Target::new(target)?, signer })
    }

    /// Forwards a delivery, signed again with the schemes of its API. Returns the status of the target, or the reason why there
    /// is none.
    pub(super) async fn send(&self, headers: &HeaderMap, delivery: &Delivery) -> Result<StatusCode, String> {
        let mut headers = headers.clone();
        if self.signer.is_some() {
            let is_v2 = delivery.scheme() == Some(Scheme::V2);
            let id = delivery.id();
            sign_again(&mut headers, self.signer.as_ref(), is_v2, id.as_deref(), delivery.body())?;
        }
        self.target.post(&headers, delivery.body().clone()).await
    }
}

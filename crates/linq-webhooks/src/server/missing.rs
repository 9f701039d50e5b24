//! Methods whose feature is off: the compiler says which one to enable.

#[cfg(not(feature = "http-body"))]
use std::convert::Infallible;

#[cfg(not(feature = "http-body"))]
use http::{Request, Response};

use crate::{EventHandler, Receiver};

#[diagnostic::on_unimplemented(
    message = "`serve` needs the feature `http-body`",
    label = "enable the feature `http-body` in Cargo.toml"
)]
#[cfg(not(feature = "http-body"))]
#[expect(unnameable_types, reason = "it is for the messages of the compiler")]
pub trait NeedsHttpBody: Sized {
    #[doc(hidden)]
    fn never<B, R>(self, request: B) -> R;
}

#[diagnostic::on_unimplemented(
    message = "`into_service` needs the feature `tower`",
    label = "enable the feature `tower` in Cargo.toml"
)]
#[expect(unnameable_types, reason = "it is for the messages of the compiler")]
pub trait NeedsTower: Sized {
    #[doc(hidden)]
    fn never<R>(self) -> R;
}

impl<H: EventHandler, D> Receiver<H, D> {
    #[cfg(not(feature = "http-body"))]
    #[doc(hidden)]
    pub async fn serve<B>(self, request: Request<B>) -> Result<Response<String>, Infallible>
    where
        Self: NeedsHttpBody,
    {
        self.never(request)
    }

    #[doc(hidden)]
    #[must_use]
    pub fn into_service<R>(self) -> R
    where
        Self: NeedsTower,
    {
        self.never()
    }
}

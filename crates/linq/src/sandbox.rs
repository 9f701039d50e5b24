//! A fake of the API, for tests.
//!
//! Start a [`Sandbox`]; [`SandboxExt`] makes clients of it.

pub use linq_sandbox::*;

#[cfg(feature = "blocking")]
use crate::{BlockingHttpBackend, blocking};
#[cfg(feature = "client")]
use crate::{Client, Error, HttpBackend};

/// The clients of a [`Sandbox`].
///
/// They are not methods of the sandbox, because the sandbox depends on no client. The [prelude](crate::prelude) has the trait.
///
#[cfg_attr(feature = "reqwest", doc = "```")]
#[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::{
///     ReqwestBackend,
///     sandbox::{Sandbox, SandboxExt as _},
///     types::chats::NewChat,
/// };
///
/// let sandbox = Sandbox::start().await?;
/// let client = sandbox.client(ReqwestBackend::new()?)?;
///
/// let casey = sandbox.person("+12025550199");
/// client.chats().create(NewChat::new(sandbox.phone_number(), [casey.handle()], "Hello!")).await?;
/// assert_eq!(casey.hears().await.text(), "Hello!");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "client")]
pub trait SandboxExt: sealed::Sealed {
    /// Creates a client with the base URL and the API key of the sandbox.
    ///
    /// # Errors
    ///
    /// Returns an error if the builder of the sandbox was given a key that clients reject
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    fn client(&self, backend: impl HttpBackend) -> Result<Client, Error>;

    /// Creates a blocking client with the base URL and the API key of the sandbox, which runs on other threads than those that
    /// block. Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`client`](Self::client).
    #[cfg(feature = "blocking")]
    fn blocking_client(&self, backend: impl BlockingHttpBackend) -> Result<blocking::Client, Error>;
}

#[cfg(feature = "client")]
impl SandboxExt for Sandbox {
    fn client(&self, backend: impl HttpBackend) -> Result<Client, Error> {
        builder(self).build(backend)
    }

    #[cfg(feature = "blocking")]
    fn blocking_client(&self, backend: impl BlockingHttpBackend) -> Result<blocking::Client, Error> {
        builder(self).build_blocking(backend)
    }
}

/// A sandbox has plain http only, also at addresses that are not loopback.
#[cfg(feature = "client")]
fn builder(sandbox: &Sandbox) -> crate::ClientBuilder {
    Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).allow_plain_http()
}

#[cfg(feature = "client")]
mod sealed {
    #[expect(unnameable_types, reason = "seals the trait")]
    pub trait Sealed {}

    impl Sealed for super::Sandbox {}
}

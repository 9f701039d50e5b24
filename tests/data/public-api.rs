//! One of each thing that the list of a public API has to tell.

use std::{convert::Infallible, fmt, rc::Rc};

/// All of its fields are public.
pub struct Open {
    pub field: Option<u8>,
    #[deprecated]
    pub old: u8,
}

/// Some of its fields are private.
#[derive(PartialEq)]
pub struct Partly<T: Clone = Vec<u8>> {
    pub field: T,
    hidden: u8,
}

/// Its field is private.
pub struct Tuple(u8);

/// Another thread must not have it.
pub struct ForOneThread(Rc<u8>);

/// It may get more fields.
#[non_exhaustive]
pub struct Growing {}

#[non_exhaustive]
pub enum Choice {
    Unit,
    Tuple(u8, Box<str>),
    #[non_exhaustive]
    Struct {
        field: &'static str,
    },
}

impl<T: Clone> Partly<T> {
    pub const LIMIT: usize = 1;

    pub const fn constant(self) -> usize {
        1
    }

    pub async fn asynchronous<'a>(&'a mut self, by: &dyn Fn(u8) -> u8) -> Result<&'a T, fmt::Error>
    where
        T: Send + 'a,
    {
        by(self.hidden);
        Ok(&self.field)
    }

    pub fn any(name: impl Into<String>) -> impl Iterator<Item = u8> + Send {
        name.into().into_bytes().into_iter()
    }

    fn private() -> std::net::IpAddr {
        std::net::Ipv4Addr::LOCALHOST.into()
    }
}

impl From<u8> for Tuple {
    fn from(value: u8) -> Self {
        Self(value)
    }
}

impl<'a> TryFrom<&'a str> for Tuple {
    type Error = Infallible;

    fn try_from(_: &'a str) -> Result<Self, Infallible> {
        Ok(Self(0))
    }
}

/// Some of it is given.
pub trait Mixed: fmt::Debug {
    const REQUIRED: u8;
    const PROVIDED: u8 = 0;

    type Output: Send;

    fn required(&self) -> Self::Output;

    fn provided(&self) {}
}

/// It can be `dyn`.
pub trait Simple {
    fn shared(&self) -> Rc<dyn Simple>;
}

impl Simple for Tuple {
    fn shared(&self) -> Rc<dyn Simple> {
        Rc::new(Self(self.0))
    }
}

#[deprecated(note = "never mind")]
pub fn free<const N: usize>(bytes: [u8; N], rest: &[(u8, String)]) {
    let _ = (bytes, rest);
}

pub const VALUE: &str = "";

pub type Alias<T> = Result<T, Infallible>;

pub mod inner {
    pub use super::private::Shown;
    pub use std::{collections::HashMap as Map, fmt::*};
}

mod private {
    pub struct Shown;
    pub struct NotShown;
}

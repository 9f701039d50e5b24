//! Methods that cannot be called: the compiler says what to write instead.

use crate::{Call, CallWithMeta, Client, Error, WithMeta};

/// What no type implements.
macro_rules! never {
    ($name:ident, $message:literal, $label:literal) => {
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        #[expect(unnameable_types, reason = "it is for the messages of the compiler")]
        pub trait $name: Sized {
            #[doc(hidden)]
            fn never<R>(self) -> R;
        }
    };
}

never!(
    FinishedByCall,
    "calls of the asynchronous client have no `call()`",
    "`.await` it, or make the call with `blocking::Client`"
);

impl<T> Call<'_, Client, T> {
    #[doc(hidden)]
    pub fn call(self) -> Result<T, Error>
    where
        Self: FinishedByCall,
    {
        self.never()
    }
}

impl<T> CallWithMeta<'_, Client, T> {
    #[doc(hidden)]
    pub fn call(self) -> Result<WithMeta<T>, Error>
    where
        Self: FinishedByCall,
    {
        self.never()
    }
}

#[cfg(not(feature = "stream"))]
mod stream {
    use linq_types::page::Page;

    use crate::{Client, Items};

    never!(
        NeedsStream,
        "`into_stream` needs the feature `stream`",
        "enable the feature `stream` in Cargo.toml"
    );

    impl<P: Page> Items<'_, Client, P> {
        #[doc(hidden)]
        pub fn into_stream<R>(self) -> R
        where
            Self: NeedsStream,
        {
            self.never()
        }
    }
}

/// Declares ids: newtypes over text that the API assigns and that this crate never parses.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(inline))]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        text_conversions!($name);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
    )+};
}

/// Declares an open enum: a string enum that keeps values it does not know.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("`", $text, "` on the wire.")] $variant,)+
            /// A value that this version does not know, kept as it was received.
            Unknown($crate::UnknownValue),
        }

        impl $name {
            /// All values that this version knows, in declaration order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the text on the wire.
            #[must_use]
            pub const fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(value) => value.as_str(),
                }
            }

            fn known(text: &str) -> Option<Self> {
                Some(match text {
                    $($text => Self::$variant,)+
                    _ => return None,
                })
            }
        }

        text_conversions!($name);

        #[cfg(feature = "schemars-1")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $(#[$doc])*
                #[derive(schemars::JsonSchema)]
                #[schemars(transparent)]
                struct Text(#[expect(dead_code, reason = "only its schema is used")] String);

                let mut schema = Text::json_schema(generator);
                let known: Vec<_> = Self::KNOWN.iter().map(Self::as_str).collect();
                schema.insert("examples".to_owned(), known.into());
                schema
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown($crate::UnknownValue::new(text)))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or_else(|| Self::Unknown($crate::UnknownValue::new(text)))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)+
                    Self::Unknown(value) => f.debug_tuple("Unknown").field(value).finish(),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::macros::OpenEnumVisitor(std::marker::PhantomData))
            }
        }
    };
}

/// Implements the conversions and comparisons of a type that has `as_str`, `From<&str>` and `From<String>`.
macro_rules! text_conversions {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                text.as_str().into()
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.as_str() == other
            }
        }
    };
}

/// Reads any type that converts from text, without copying the text of known values.
pub(crate) struct OpenEnumVisitor<T>(pub(crate) std::marker::PhantomData<T>);

impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for OpenEnumVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }
}

/// Declares chained setters of optional request fields, named like the field: `name: String` takes
/// `impl Into<String>`, `plain flag: bool` a `bool`, and `list lines: Handle` any iterator of `impl Into<Handle>`.
macro_rules! setters {
    () => {};
    ($(#[$doc:meta])* plain $field:ident: $type:ty, $($rest:tt)*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: $type) -> Self {
            self.$field = Some($field);
            self
        }

        setters! { $($rest)* }
    };
    ($(#[$doc:meta])* list $field:ident: $item:ty, $($rest:tt)*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field<I: Into<$item>>(mut self, $field: impl IntoIterator<Item = I>) -> Self {
            self.$field = Some($field.into_iter().map(Into::into).collect());
            self
        }

        setters! { $($rest)* }
    };
    ($(#[$doc:meta])* $field:ident: $type:ty, $($rest:tt)*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.$field = Some($field.into());
            self
        }

        setters! { $($rest)* }
    };
}

/// Implements `From<&str>`, `From<String>` and `From<&String>` through a constructor that takes text.
macro_rules! from_text {
    ($($name:ident: $constructor:ident;)+) => {$(
        from_text! { @ $name, $constructor: &str, String, &String }
    )+};
    (@ $name:ident, $constructor:ident: $($text:ty),+) => {$(
        impl From<$text> for $name {
            fn from(text: $text) -> Self {
                Self::$constructor(text)
            }
        }
    )+};
}

/// Declares two chained setters for each field that can be cleared: one sets it, one clears it.
macro_rules! patches {
    ($($(#[$doc:meta])* $field:ident, $clear:ident: $type:ty,)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.$field = $crate::Patch::Set($field.into());
            self
        }

        #[doc = concat!("Clears [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
        #[must_use]
        pub fn $clear(mut self) -> Self {
            self.$field = $crate::Patch::Clear;
            self
        }
    )+};
}

/// Implements `Check` for request types: checks the listed fields in order.
macro_rules! checks {
    ($($name:ident: $($field:ident),+;)+) => {$(
        impl $crate::check::Check for $name {
            fn check(&self) -> Result<(), $crate::check::Violation> {
                $($crate::check::field(stringify!($field), &self.$field)?;)+
                Ok(())
            }
        }
    )+};
}

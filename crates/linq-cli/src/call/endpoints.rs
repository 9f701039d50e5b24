use linq::{Call, List, types::*};
use serde::{Deserialize, Serialize};

use super::{
    Endpoint, answer,
    parameters::{KeyHeader, Nothing, Parameters, SetGiven as _},
};

/// One endpoint an entry: its id, its parameters in their types, and the client's method with them.
///
/// * `path(..)` has the values of the path, `body(..)` the body.
/// * `query(..)` has parameters that may be absent: each is an `Option` in the call. `params(..)` is a type that has
///   them all.
/// * `key(..)` is the `Idempotency-Key` header, an `Option` too.
macro_rules! endpoints {
    ($client:ident; $(
        $id:literal
            $(path($($value:ident: $value_type:ty),+))?
            $(query($($filter:ident: $filter_type:ty),+))?
            $(params($params:ident: $params_type:ty))?
            $(key($key:ident))?
            $(body($body:ident: $body_type:ty))?
            => $call:expr;
    )+) => {
        pub(super) static ENDPOINTS: &[Endpoint] = &[$({
            #[derive(Debug, Serialize, Deserialize)]
            struct Path { $($($value: $value_type,)+)? }

            #[derive(Debug, Serialize, Deserialize)]
            struct Query {
                $($(
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    $filter: Option<$filter_type>,
                )+)?
                $(#[serde(flatten)] $params: $params_type,)?
            }

            type Typed = Parameters<
                Path,
                Query,
                either!($({ $key } KeyHeader)? Nothing),
                either!($($body_type)? Nothing),
            >;

            Endpoint {
                id: $id,
                read: |given| Ok(Box::new(given.typed::<Typed>()?)),
                call: |$client, given| {
                    let Parameters {
                        path_params: Path { $($($value),+)? },
                        query: Query { $($($filter,)+)? $($params)? },
                        headers: either!($(KeyHeader { $key })? Nothing {}),
                        body: either!($($body)? Nothing {}),
                    } = given.typed::<Typed>()?;
                    Ok(answer($call))
                },
            }
        }),+];
    };
}

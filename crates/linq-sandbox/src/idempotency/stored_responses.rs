use http::StatusCode;
use lz4_flex::block::{compress_prepend_size_with_dict, decompress_size_prepended_with_dict};

use crate::response::ApiResponse;

/// The size of the dictionary, in bytes.
const MODEL: usize = 4 * 1024;

/// Responses, compressed with the first ones as the dictionary.
#[derive(Debug, Default)]
pub(super) struct StoredResponses {
    model: Vec<u8>,
}

/// A compressed response.
#[derive(Debug)]
pub(super) struct StoredResponse {
    status: StatusCode,
    body: Option<Difference>,
}

#[derive(Debug)]
struct Difference {
    /// The size of the dictionary at the time of compression, in bytes.
    model: u16,
    bytes: Box<[u8]>,
}

impl StoredResponses {
    pub(super) fn store(&mut self, response: &ApiResponse) -> StoredResponse {
        StoredResponse { status: response.status(), body: response.body().map(|body| self.difference(body)) }
    }

    fn difference(&mut self, body: &[u8]) -> Difference {
        let bytes = compress_prepend_size_with_dict(body, &self.model).into();
        let model = self.model.len().try_into().unwrap_or(u16::MAX);
        let room = MODEL - self.model.len();
        self.model.extend(body.iter().take(room));
        Difference { model, bytes }
    }

    pub(super) fn restore(&self, stored: &StoredResponse) -> ApiResponse {
        let body = stored.body.as_ref().map(|Difference { model, bytes }| {
            decompress_size_prepended_with_dict(bytes, &self.model[..usize::from(*model)])
                .expect("it was compressed with the same model")
        });
        ApiResponse::new(stored.status, body.map(Into::into))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn responses_come_back_as_they_were_and_take_a_fraction() {
        let mut responses = StoredResponses::default();
        let given: Vec<_> = (0..100)
            .map(|number| {
                let handles = vec!["+12025550199"; 10];
                let body = json!({ "id": number, "handles": handles, "text": "é".repeat(number) });
                ApiResponse::json(StatusCode::CREATED, &body)
            })
            .chain([ApiResponse::no_content()])
            .collect();
        let stored: Vec<_> = given.iter().map(|response| responses.store(response)).collect();
        for (stored, given) in stored.iter().zip(&given) {
            let restored = responses.restore(stored);
            assert_eq!((restored.status(), restored.body()), (given.status(), given.body()));
        }
        let difference = stored[99].body.as_ref().unwrap();
        assert!(difference.bytes.len() * 3 < given[99].body().unwrap().len(), "{difference:?}");
        assert_eq!(responses.model.len(), MODEL);
    }
}

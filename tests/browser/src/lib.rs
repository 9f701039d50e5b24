//! Tests of the sandbox's page in a browser. All of them are in `tests/`.

//! Type errors in handlers, as the compiler prints them.

#[test]
fn type_errors_point_at_what_the_user_wrote() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

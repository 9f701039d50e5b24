/// How similar a name must be, from 0 to 1.
const SIMILAR: f64 = 0.7;

/// Returns the name that was probably meant.
pub(crate) fn did_you_mean<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let similarities = names.map(|other| (strsim::jaro(name, other), other));
    let similar = similarities.filter(|(similarity, _)| *similarity > SIMILAR);
    similar.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}

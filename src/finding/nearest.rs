//! "Did you mean": the known word that is nearest to one that was written.
//! Which words are known is the caller's.

/// Returns the candidate that is close enough to `word` to have been meant; the first of the closest.
///
/// A third of the word's letters may differ, be swapped, missing or too many; capitals do not matter.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = length.div_ceil(3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // Comparing is dear; a word of a very different length cannot be near.
        if candidate.len() > word.len() + 4 * allowed
            || candidate.chars().count() + allowed < length
        {
            continue;
        }
        let distance = strsim::osa_distance(&word, &candidate.to_lowercase());
        // A word of which nothing is left is not near: `id` is not a misspelt `on`.
        if distance <= allowed
            && distance < length
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Writes words as a list for people: "`a`, `b` and `c`".
pub fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_may_have_been_meant_are_named() {
        let units = ["pro-sentret", "nadheim", "bydelene", "pion"];
        let table = [
            ("pro-senter", Some("pro-sentret")),
            ("Pro-Sentret", Some("pro-sentret")),
            ("nadhiem", Some("nadheim")),
            ("bydelen", Some("bydelene")),
            ("poin", Some("pion")),
            ("kirken", None),
            ("x", None),
            ("", None),
        ];
        for (word, meant) in table {
            assert_eq!(nearest(word, units), meant, "{word}");
        }
    }

    #[test]
    fn lists_read_as_people_write_them() {
        assert_eq!(quoted_list([]), "");
        assert_eq!(quoted_list(["a"]), "`a`");
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}

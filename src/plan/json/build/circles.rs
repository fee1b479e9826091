//! Circles in what refers to its like: groups in groups, leaders of leaders, deadlines that wait for deadlines.

/// How many circles are told; one knot of references can hold thousands.
const MOST: usize = 20;

/// Returns circles among `count` things, each as the way around: first thing, …, first thing again.
///
/// If there are circles at all, at least one is found; each begins with its earliest thing.
pub(super) fn find(count: usize, next: impl Fn(u32) -> Vec<u32>) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    let mut state = vec![State::New; count];
    // The way from where the search began to where it is, with what is still to be tried from each; no recursion, for a
    // chain may be as long as the plan.
    let mut way: Vec<(u32, std::vec::IntoIter<u32>)> = Vec::new();
    for start in 0..crate::plan::index(count) {
        if state[start as usize] != State::New {
            continue;
        }
        state[start as usize] = State::OnTheWay;
        way.push((start, next(start).into_iter()));
        while let Some((thing, rest)) = way.last_mut() {
            let Some(other) = rest.next() else {
                state[*thing as usize] = State::Done;
                way.pop();
                continue;
            };
            match state[other as usize] {
                State::New => {
                    state[other as usize] = State::OnTheWay;
                    way.push((other, next(other).into_iter()));
                }
                State::OnTheWay if found.len() < MOST => {
                    let circle =
                        way.iter().map(|(thing, _)| *thing).skip_while(|thing| *thing != other);
                    found.push(from_earliest(circle.collect()));
                }
                State::OnTheWay | State::Done => {}
            }
        }
    }
    found
}

/// Writes the way around: "a -> b -> a".
pub(super) fn path<'a>(circle: &[u32], id: impl Fn(u32) -> &'a str) -> String {
    circle.iter().map(|thing| id(*thing)).collect::<Vec<_>>().join(" -> ")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnTheWay,
    Done,
}

fn from_earliest(mut circle: Vec<u32>) -> Vec<u32> {
    let earliest = (0..circle.len()).min_by_key(|place| circle[*place]).unwrap_or_default();
    circle.rotate_left(earliest);
    circle.extend(circle.first().copied());
    circle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(next: &[&[u32]]) -> Vec<String> {
        let names = ["a", "b", "c", "d"];
        let found = find(next.len(), |thing| next[thing as usize].to_vec());
        found.iter().map(|circle| path(circle, |thing| names[thing as usize])).collect()
    }

    #[test]
    fn each_circle_is_told_from_its_earliest_thing() {
        assert_eq!(circles(&[&[1], &[2], &[]]), [""; 0]);
        assert_eq!(circles(&[&[0]]), ["a -> a"]);
        assert_eq!(circles(&[&[2], &[0], &[1]]), ["a -> c -> b -> a"]);
        assert_eq!(circles(&[&[1], &[0], &[3], &[2, 1]]), ["a -> b -> a", "c -> d -> c"]);
    }

    #[test]
    fn two_ways_to_one_thing_are_no_circle() {
        assert_eq!(circles(&[&[1, 2], &[3], &[3], &[]]), [""; 0]);
    }

    #[test]
    fn a_chain_as_long_as_the_plan_is_no_trouble() {
        let last = 300_000;
        let found =
            find(last as usize + 1, |thing| vec![if thing == last { 0 } else { thing + 1 }]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), last as usize + 2);
    }
}

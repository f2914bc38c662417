//! Which thing of one exercise is which of another: by name, and injections whose names differ by what they do. Not the
//! comparing of them.

use super::side::Side;

/// For each thing, its place in every exercise; `None`: that one lacks it.
pub(super) type Places = Vec<Vec<Option<usize>>>;

/// Things with the same name, in the order in which they first appear. A name that repeats is matched in order.
pub(super) fn by_name(names: &[Vec<&str>]) -> Places {
    let mut found: Vec<(&str, usize, Vec<Option<usize>>)> = Vec::new();
    for (side, names_of_side) in names.iter().enumerate() {
        for (place, name) in names_of_side.iter().enumerate() {
            let before = names_of_side.iter().take(place).filter(|one| *one == name).count();
            let known = found.iter_mut().find(|(one, nth, _)| one == name && *nth == before);
            match known {
                Some((_, _, places)) => set(places, side, place),
                None => {
                    let mut places = vec![None; names.len()];
                    set(&mut places, side, place);
                    found.push((name, before, places));
                }
            }
        }
    }
    found.into_iter().map(|(_, _, places)| places).collect()
}

/// Injections by name; what is left over by type and target, in order.
pub(super) fn injections(sides: &[Side]) -> Places {
    let names = |side: &Side| -> Vec<String> {
        side.report.injections.iter().map(|one| one.name.clone()).collect()
    };
    let names: Vec<Vec<String>> = sides.iter().map(names).collect();
    let shown: Vec<Vec<&str>> =
        names.iter().map(|side| side.iter().map(String::as_str).collect()).collect();
    let mut rows = by_name(&shown);
    let mut at = 0;
    while at < rows.len() {
        let mut later = at + 1;
        while later < rows.len() {
            if fits(sides, &rows, at, later) {
                let taken = rows.remove(later);
                if let Some(row) = rows.get_mut(at) {
                    for (place, other) in row.iter_mut().zip(taken) {
                        *place = place.or(other);
                    }
                }
            } else {
                later += 1;
            }
        }
        at += 1;
    }
    rows
}

/// Whether two rows are the same fault under two names: none has what the other has, and they do the same.
fn fits(sides: &[Side], rows: &Places, one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (rows.get(one), rows.get(other)) else { return false };
    let apart = one.iter().zip(other).all(|(a, b)| a.is_none() || b.is_none());
    apart && fault(sides, one).is_some_and(|fault| Some(fault) == self::fault(sides, other))
}

fn fault<'a>(sides: &'a [Side], places: &[Option<usize>]) -> Option<&'a str> {
    let mut both = sides.iter().zip(places);
    both.find_map(|(side, place)| side.faults.get((*place)?)).map(String::as_str)
}

fn set(places: &mut [Option<usize>], side: usize, place: usize) {
    if let Some(slot) = places.get_mut(side) {
        *slot = Some(place);
    }
}

#[cfg(test)]
mod tests {
    use super::by_name;

    #[test]
    fn the_same_names_are_one_row_and_the_rest_rows_of_their_own() {
        let rows = by_name(&[vec!["a", "b", "a"], vec!["b", "c", "a"]]);
        assert_eq!(
            rows,
            [
                vec![Some(0), Some(2)],
                vec![Some(1), Some(0)],
                vec![Some(2), None],
                vec![None, Some(1)],
            ]
        );
    }
}

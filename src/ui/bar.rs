//! Progress of long work, in ASCII: a bar, a count, a rate, the time left.

/// `#` and `-` in brackets, exactly so many cells; without a total, only the brackets.
pub fn bar(done: u64, total: Option<u64>, cells: usize) -> String {
    let room = cells.saturating_sub(2);
    let full = match total {
        Some(total) if total > 0 => {
            let share = u128::from(done.min(total)) * room as u128 / u128::from(total);
            usize::try_from(share).unwrap_or(room)
        }
        _ => 0,
    };
    if cells < 2 {
        return " ".repeat(cells);
    }
    format!("[{}{}]", "#".repeat(full), "-".repeat(room - full))
}

/// Seconds that are left at this rate; `None` where nobody can tell.
pub fn seconds_left(done: u64, total: Option<u64>, per_second: f64) -> Option<u64> {
    let left = total?.checked_sub(done)?;
    (per_second > 0.01).then(|| (left as f64 / per_second).ceil().min(1e9) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_its_width_whatever_the_figures() {
        assert_eq!(bar(31, Some(68), 22), "[#########-----------]");
        assert_eq!(bar(9, Some(3), 5), "[###]");
        assert_eq!(bar(9, None, 5), "[---]");
        assert_eq!(bar(9, Some(0), 2), "[]");
        assert_eq!(bar(1, Some(2), 1), " ");
    }

    #[test]
    fn the_time_left_is_told_only_where_it_is_known() {
        assert_eq!(seconds_left(50, Some(100), 10.0), Some(5));
        assert_eq!(seconds_left(50, None, 10.0), None);
        assert_eq!(seconds_left(150, Some(100), 10.0), None);
        assert_eq!(seconds_left(50, Some(100), 0.0), None);
    }
}

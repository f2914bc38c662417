//! How a figure is written: the shortest that loses nothing that was measured. Not which figures there are.

/// Decimals in the unit of the table. Nothing is measured finer: times in milliseconds are then exact to a nanosecond (the
/// clock counts them, histograms keep three digits), shares to a millionth (no second has so many requests), and what is
/// counted has none. What floating point makes of a sum begins behind them.
const DECIMALS: usize = 6;

/// The digits that say something of `value`, which was divided by `divisor` for another unit: a power of ten moves the point
/// and no more.
pub(super) fn figure(value: f64, divisor: f64) -> String {
    let moved = divisor.log10().round().clamp(0.0, 12.0) as usize;
    let text = format!("{value:.*}", DECIMALS + moved);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // No minus before nothing.
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::figure;

    #[test]
    fn a_figure_has_the_digits_that_say_something() {
        for (value, shown) in [
            (200.000_000_000_000_28, "200"),
            (299.999_999_999_993_3, "300"),
            (17.533_387_096_774_19, "17.533387"),
            (0.908_163_265_306_122_5, "0.908163"),
            (1.0, "1"),
            (0.1, "0.1"),
            (1_500.0, "1500"),
            (-0.000_000_01, "0"),
            (-2.5, "-2.5"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(figure(value, 1.0), shown, "{value}");
        }
        // Milliseconds as seconds keep their nanoseconds.
        assert_eq!(figure(17.533_387_1 / 1_000.0, 1_000.0), "0.017533387");
        assert_eq!(figure(40.0 / 1_000_000.0, 1_000_000.0), "0.00004");
    }

    proptest! {
        #[test]
        fn it_is_the_value_to_half_a_millionth_and_ends_in_no_nought(value in -1e9..1e9_f64) {
            let text = figure(value, 1.0);
            let read: f64 = text.parse().unwrap();
            // A figure of nine digits and six decimals is near the end of what floating point holds.
            prop_assert!((read - value).abs() <= 5.1e-7, "{value} {text}");
            prop_assert!(!text.contains('.') || !text.ends_with(['0', '.']), "{text}");
            prop_assert_eq!(figure(read, 1.0), text);
        }
    }
}

//! Public holidays by rule: fixed days and days relative to Easter.
//! Weekends and a plan's own days are the calendar's.

/// Whose public holidays a plan keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holidays {
    /// None: only Saturdays and Sundays are free.
    #[default]
    None,
    /// Norway's.
    Norway,
}

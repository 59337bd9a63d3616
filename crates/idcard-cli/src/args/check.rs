//! Options of `check`: values that are judged without any card.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum CheckCommand {
    /// Check a national number (شماره ملی): ten digits with a check digit
    NationalNumber(CheckValue),
    /// Check a postal code: ten digits
    PostalCode(CheckValue),
    /// Check a date, Solar Hijri or Gregorian by its year, and show it in both calendars
    Date(CheckValue),
    /// When somebody born on a date completes fifteen years, the age from which the card is issued
    Age(CheckAge),
    /// How the state of a card that is being issued is asked for; the national number is checked first
    Status(CheckValue),
}

#[derive(Debug, Args)]
pub(crate) struct CheckValue {
    /// The value: digits in Latin (0-9), Persian (۰-۹) or Arabic (٠-٩) form
    pub value: String,
}

#[derive(Debug, Args)]
pub(crate) struct CheckAge {
    /// The date of birth, Solar Hijri or Gregorian; digits in Latin, Persian or Arabic form
    #[arg(long, value_name = "DATE")]
    pub birth: String,
    /// The day on which the age is asked for, written likewise; today by default
    #[arg(long, value_name = "DATE")]
    pub at: Option<String>,
}

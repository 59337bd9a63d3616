//! `idcard check`: numbers and dates judged offline, and how the state of a card under way is asked for.

use super::read::{day_in_words, warning_in_words};
use crate::args::{CheckAge, CheckCommand, CheckValue};
use crate::clock;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_core::data::date::{CardDate, SolarHijri};
use idcard_core::data::national_number::{NationalNumber, NationalNumberError};
use idcard_core::data::postal_code::{PostalCode, PostalCodeError};
use serde::Serialize;
use std::time::SystemTime;

/// From this age the card is issued.
const ELIGIBLE: u16 = 15;
/// What is dialled, and where the registry answers; both are shown and never contacted.
const DIALLED: &str = "*4*6090#";
const SITE: &str = "ncr.ir";

#[derive(Debug, Serialize)]
struct Number {
    schema: &'static str,
    value: String,
    warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Date {
    jalali: Option<String>,
    iso: Option<String>,
}

#[derive(Debug, Serialize)]
struct DateDocument {
    schema: &'static str,
    #[serde(flatten)]
    date: Date,
    leap_year: Option<bool>,
    warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct AgeDocument {
    schema: &'static str,
    birth: Date,
    at: Date,
    age: Option<u16>,
    completes_fifteen: Date,
    eligible: bool,
}

#[derive(Debug, Serialize)]
struct StatusDocument {
    schema: &'static str,
    national_number: String,
    dial: &'static str,
    site: &'static str,
}

/// Runs one of the commands.
pub(super) fn run(command: &CheckCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        CheckCommand::NationalNumber(value) => national_number(value, context),
        CheckCommand::PostalCode(value) => postal_code(value, context),
        CheckCommand::Date(value) => date(value, context),
        CheckCommand::Age(value) => age(value, context),
        CheckCommand::Status(value) => status(value, context),
    }
}

fn invalid(error: impl std::fmt::Display) -> Failure {
    Failure::new(Kind::ValueInvalid, error.to_string())
}

fn not_a_national_number(error: NationalNumberError) -> Failure {
    let persian = match error {
        NationalNumberError::Empty => "رقمی داده نشد",
        NationalNumberError::NotADigit { .. } => "چیزی جز رقم در آن است",
        NationalNumberError::Length { .. } => "تعداد ارقام نادرست است",
        NationalNumberError::CheckDigit => "رقم کنترل نادرست است",
        NationalNumberError::MiddleZeros => "شش رقم میانی همه صفرند",
        NationalNumberError::OtherScheme(_) => "این شماره از گونهٔ دیگری است",
    };
    invalid(error).in_persian(format!("شماره ملی نامعتبر است: {persian}"))
}

fn not_a_postal_code(error: PostalCodeError) -> Failure {
    let persian = match error {
        PostalCodeError::Empty => "رقمی داده نشد",
        PostalCodeError::NotADigit { .. } => "چیزی جز رقم در آن است",
        PostalCodeError::Length { .. } => "تعداد ارقام نادرست است",
    };
    invalid(error).in_persian(format!("کد پستی نامعتبر است: {persian}"))
}

fn not_a_date(error: impl std::fmt::Display) -> Failure {
    let persian = format!("تاریخ نامعتبر است ({error})");
    invalid(error).in_persian(persian)
}

/// A warning in words where there are some; documents have its name.
fn warned(warning: &str, context: &Context) -> String {
    let words = match warning_in_words(warning) {
        Word::Unknown => warning,
        word => word.text(context.lang),
    };
    context.terminal.pair(Word::Warning.text(context.lang), words, Nature::Words)
}

fn number(document: &Number, label: Word, context: &Context) -> Result<Exit, Failure> {
    context.show(document, || {
        let lang = context.lang;
        let value = format!("{}{}{}", lang.digits(&document.value), lang.comma(), Word::IsValid.text(lang));
        let mut text = context.terminal.pair(label.text(context.lang), &value, Nature::Words);
        for warning in &document.warnings {
            text += &warned(warning, context);
        }
        text
    })?;
    Ok(Exit::DONE)
}

fn national_number(options: &CheckValue, context: &Context) -> Result<Exit, Failure> {
    let checked = NationalNumber::check(&options.value).map_err(not_a_national_number)?;
    let warnings = checked.warnings().iter().map(|warning| warning.word()).collect();
    let value = checked.as_str().to_owned();
    number(&Number { schema: "idcard.check_national_number/1", value, warnings }, Word::NationalNumber, context)
}

fn postal_code(options: &CheckValue, context: &Context) -> Result<Exit, Failure> {
    let checked = PostalCode::check(&options.value).map_err(not_a_postal_code)?;
    let warnings = checked.warnings().iter().map(|warning| warning.word()).collect();
    let value = checked.as_str().to_owned();
    number(&Number { schema: "idcard.check_postal_code/1", value, warnings }, Word::PostalCode, context)
}

impl From<SolarHijri> for Date {
    fn from(day: SolarHijri) -> Self {
        Self { jalali: Some(day.to_string()), iso: Some(day.gregorian().to_string()) }
    }
}

impl Date {
    fn line(&self, label: Word, context: &Context) -> String {
        let value = day_in_words(self.jalali.as_deref(), self.iso.as_deref(), context.lang);
        context.terminal.pair(label.text(context.lang), &value, Nature::Words)
    }
}

fn date(options: &CheckValue, context: &Context) -> Result<Exit, Failure> {
    let checked = CardDate::parse(&options.value, None).map_err(not_a_date)?;
    let day = checked.solar_hijri();
    let mut warnings = Vec::new();
    if checked.is_calendar_inferred() {
        warnings.push("calendar_inferred");
    }
    if day.is_some_and(SolarHijri::is_proleptic) {
        warnings.push("proleptic");
    }
    let document = DateDocument {
        schema: "idcard.check_date/1",
        date: Date { jalali: checked.jalali(), iso: checked.iso() },
        leap_year: day.map(|day| SolarHijri::is_leap(day.year())),
        warnings,
    };
    context.show(&document, || {
        let mut text = document.date.line(Word::Valid, context);
        for warning in &document.warnings {
            text += &warned(warning, context);
        }
        text
    })?;
    Ok(Exit::DONE)
}

/// A whole day in either calendar.
fn day(text: &str) -> Result<SolarHijri, Failure> {
    let date = CardDate::parse_whole(text, None).map_err(not_a_date)?;
    date.solar_hijri().ok_or_else(|| not_a_date("the date lies outside the years 1206 to 1500"))
}

fn today() -> Result<SolarHijri, Failure> {
    clock::day_in_iran(SystemTime::now()).ok_or_else(|| {
        Failure::usage("the clock of this machine is wrong; give the day with --at")
            .in_persian("ساعت این دستگاه نادرست است؛ روز را با --at بدهید")
    })
}

fn age(options: &CheckAge, context: &Context) -> Result<Exit, Failure> {
    let birth = day(&options.birth)?;
    let at = options.at.as_deref().map_or_else(today, day)?;
    if birth > at {
        let failure = invalid("the day of birth lies after the day of the question");
        return Err(failure.in_persian("روز تولد پس از روز پرسش است"));
    }
    let completes =
        birth.completes(ELIGIBLE).ok_or_else(|| not_a_date("the date lies outside the years 1206 to 1500"))?;
    let document = AgeDocument {
        schema: "idcard.check_age/1",
        birth: birth.into(),
        at: at.into(),
        age: birth.age_on(at),
        completes_fifteen: completes.into(),
        eligible: at >= completes,
    };
    context.show(&document, || {
        let (lang, terminal) = (context.lang, &context.terminal);
        let age = document.age.map_or_else(|| "-".to_owned(), |age| lang.digits(&age.to_string()));
        let eligible = if document.eligible { Word::Yes } else { Word::No };
        terminal.pair(Word::Age.text(lang), &age, Nature::Words)
            + &document.completes_fifteen.line(Word::CompletesFifteen, context)
            + &terminal.pair(Word::Eligible.text(lang), eligible.text(lang), Nature::Words)
            + &terminal.pair(Word::ApplyAt.text(lang), Word::Offices.text(lang), Nature::Words)
    })?;
    Ok(Exit::DONE)
}

fn status(options: &CheckValue, context: &Context) -> Result<Exit, Failure> {
    let checked = NationalNumber::check(&options.value).map_err(not_a_national_number)?;
    let national_number = checked.as_str().to_owned();
    let document = StatusDocument { schema: "idcard.check_status/1", national_number, dial: DIALLED, site: SITE };
    context.show(&document, || {
        let (lang, terminal) = (context.lang, &context.terminal);
        terminal.line(Word::AskForTheState.text(lang))
            + &terminal.pair(Word::NationalNumber.text(lang), &lang.digits(&document.national_number), Nature::Words)
            + &terminal.pair(Word::Dial.text(lang), DIALLED, Nature::Code)
            + &terminal.pair(Word::Site.text(lang), SITE, Nature::Code)
            + &terminal.line(Word::UntilItIsReady.text(lang))
            + &terminal.line(Word::WhyUndelivered.text(lang))
    })?;
    Ok(Exit::DONE)
}

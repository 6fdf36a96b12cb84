//! Words, figures and dates in Chinese and English.
//!
//! Every line that the console shows stands in a table of [`words`] with both languages side by
//! side: a [`Word`] cannot be written with one of them missing, so the program is complete in
//! both as soon as it compiles. Lines with `{n}` in them are filled by [`fill`].
//! What commands are called stands in the command table, not here.
//!
//! The room knows nothing of the rest of the program; dates come in as `jiff` values that are
//! already in the operator's time zone.

mod dates;
mod figures;
mod lang;
mod line;
mod phones;
pub mod words;

pub use dates::{age, ago, clock, date, day, due, span, stamp, weekday};
pub use figures::{exact, figure, money, money_exact, nothing, percent, signed};
pub use lang::Lang;
pub use line::Line;
pub use phones::masked_phone;
pub use words::{Word, fill, named, say};

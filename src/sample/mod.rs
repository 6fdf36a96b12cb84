//! A sample community that an operator would believe: a mother-and-baby, beauty and food
//! retailer in Hangzhou with its customers, their groups, orders and conversations.
//!
//! It knows the records of `model` and a moment that somebody hands it; no clock, no disk, no
//! network. Everything is drawn from the seed: the same seed, size and hour give the same
//! records, whatever the machine.
//!
//! Customers come in blocks of [`BLOCK`] with the groups that they sit in, and nothing reaches
//! over a block's edge. A block fits in memory however large the community is, so that
//! [`Community::records`] can pour out a million customers.
//!
//! What holds in all of it, and is tested: the figures of a customer are the sums of the
//! orders, events and memberships; the days of a group are the sums of its members' joining,
//! leaving and writing; a customer's tags are the union of the relations' and what the events of
//! tagging lead to; referrals are trees;
//! the lifecycle stage follows [`stage_of`]; nothing happens after the sample's moment.

mod activities;
mod block;
mod calendar;
mod customers;
mod dice;
mod events;
mod follow_ups;
mod groups;
mod live;
mod names;
mod occasions;
mod orders;
mod outreach;
mod products;
mod staff;
mod stages;
mod tagging;
mod tags;
mod texts;

use std::sync::mpsc;
use std::{iter, thread};

use jiff::tz::TimeZone;

use crate::model::{AnyRecord, Time};
use calendar::Calendar;

pub use live::Live;
pub use stages::{Facts, stage_of};

/// Customers that are made at a time, with their groups.
pub(crate) const BLOCK: usize = 1250;
/// Customers for each group, about.
const CUSTOMERS_PER_GROUP: usize = 125;

/// Which community to make.
#[derive(Clone, Debug)]
pub struct SampleSpec {
    /// How many customers, at most 9,999,999.
    pub customers: usize,
    /// What all is drawn from.
    pub seed: u64,
    /// The moment at which its history ends; the full hour before it counts.
    pub now: Time,
    /// Where it lives: its days and hours are those of this zone.
    pub zone: TimeZone,
}

/// A sample community.
#[derive(Clone, Debug)]
pub struct Community {
    customers: usize,
    seed: u64,
    calendar: Calendar,
}

impl Community {
    /// The community of `spec`. Cheap: nothing is drawn yet.
    pub fn new(spec: &SampleSpec) -> Self {
        Self {
            customers: spec.customers.min(9_999_999),
            seed: spec.seed,
            calendar: Calendar::new(spec.now, &spec.zone),
        }
    }

    /// What tells one sample from another in a store; the day is no part of it.
    pub fn label(&self) -> String {
        format!("sample 1: {} customers, seed {}", self.customers, self.seed)
    }

    /// Name of the company.
    pub fn name(&self) -> &'static str {
        "杭州旗舰店"
    }

    /// Id and name of the operator on whose behalf the API is used.
    pub fn operator(&self) -> (&'static str, &'static str) {
        staff::ME
    }

    /// All records, names before those who mention them.
    pub fn records(&self) -> impl Iterator<Item = AnyRecord> + Send + 'static {
        let whole = self.clone();
        let blocks = self.customers.div_ceil(BLOCK);
        let mut common = staff::operators();
        common.extend(tags::records());
        common.extend(outreach::snippets());
        common.extend(outreach::broadcasts(&whole));
        common
            .into_iter()
            .chain(ahead((0..blocks).map(move |number| block::records(&whole, number))).flatten())
    }

    /// The customers of a block, from 0.
    fn block(&self, number: usize) -> std::ops::Range<usize> {
        number * BLOCK..((number + 1) * BLOCK).min(self.customers)
    }

    /// The groups of a block, from 0.
    fn groups(&self, number: usize) -> std::ops::Range<usize> {
        let first = number * (BLOCK / CUSTOMERS_PER_GROUP);
        first..first + self.block(number).len().div_ceil(CUSTOMERS_PER_GROUP)
    }
}

/// The same blocks, each made while the one before it is taken.
fn ahead(
    blocks: impl Iterator<Item = Vec<AnyRecord>> + Send + 'static,
) -> impl Iterator<Item = Vec<AnyRecord>> + Send {
    let (sender, made) = mpsc::sync_channel(1);
    let (mut waiting, mut maker) = (Some((blocks, sender)), None);
    iter::from_fn(move || {
        if let Some((mut blocks, sender)) = waiting.take() {
            // An error means that nobody takes them any more.
            maker = Some(thread::spawn(move || blocks.try_for_each(|block| sender.send(block)).is_ok()));
        }
        made.recv().ok().or_else(|| {
            // Half of the blocks must not pass for all of them.
            match maker.take().map(thread::JoinHandle::join) {
                Some(Err(panic)) => std::panic::resume_unwind(panic),
                _ => None,
            }
        })
    })
}

#[cfg(test)]
mod tests;

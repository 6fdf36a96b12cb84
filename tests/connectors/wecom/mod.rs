//! The connector for WeCom against the simulator, and against what a public SDK keeps of the real one.

mod faults;
mod figures;
mod kept;
mod messages;
mod pulled;
mod resumed;
mod samples;
mod scale;
mod secrets;
mod town;
mod written;

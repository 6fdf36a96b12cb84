//! The connector for WeCom against the simulator, and against what a public SDK keeps of the real one.

mod faults;
mod pulled;
mod samples;
mod scale;
mod town;
mod written;

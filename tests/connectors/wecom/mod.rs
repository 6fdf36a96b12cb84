//! The connector for WeCom against the simulator, and against what a public SDK keeps of the real one.

mod faults;
mod kept;
mod pulled;
mod samples;
mod scale;
mod town;
mod written;

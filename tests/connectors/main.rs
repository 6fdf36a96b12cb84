//! Connector files against real servers: pulled by the built program, and compared with what was put
//! in, field by field. Where the servers or what installs them are missing, a test says so and skips.

mod between;
mod files;
mod interrupted;
mod json_server;
mod matrix;
mod put_in;
mod rig;
mod tryton;
mod wecom;

//! `agent`: the first process of the container. It only stays, so that the controller has a place to work in.

use crate::sys;
use std::process::ExitCode;

/// Returns when SIGTERM or SIGINT comes. Nothing but a signal wakes it.
pub fn run() -> ExitCode {
    sys::reap_until_told();
    ExitCode::SUCCESS
}

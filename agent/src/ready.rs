//! `agent ready`: the startup probe, and the init container of the classic mode.

use crate::fence::COMPLETE;
use crate::sys;
use std::fs::File;
use std::io::{self, Read};
use std::process::ExitCode;

const ALIAS: &str = "/sys/class/net/lo/ifalias";
const REFUSED: u8 = 2;

/// Returns when the pod's networks are complete: the alias of `lo` begins with `complete`.
pub fn run() -> ExitCode {
    sys::end_when_told();
    match wait() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("agent ready: {e}");
            ExitCode::from(REFUSED)
        }
    }
}

/// Subscribes before it looks, so that no change is missed, and sleeps in between.
fn wait() -> io::Result<()> {
    let mut changes = sys::link_changes()?;
    while !is_complete()? {
        sys::next_change(&mut changes)?;
    }
    Ok(())
}

fn is_complete() -> io::Result<bool> {
    let mut alias = Vec::new();
    File::open(ALIAS)?.take(COMPLETE.len() as u64).read_to_end(&mut alias)?;
    Ok(alias == COMPLETE.as_bytes())
}

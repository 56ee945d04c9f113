//! `agent capturing`: the first process of the container in which `vxlan capture` runs `agent capture` by exec. The
//! container's runtime logs what this process prints, and nothing of what an exec prints: so packets stay out of the log.
//!
//! Captures hold a lock on the program's own file, which the kernel gives back however they end.

use crate::sys;
use std::fs::{File, TryLockError};
use std::io;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The maker of the container starts a capture at once; a container without one is not to stay.
const START: Duration = Duration::from_secs(90);
/// Time for further captures to start when the first ones have ended already.
const REST: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);

/// Returns once captures ran and none runs any more.
pub fn run() -> ExitCode {
    sys::end_when_told();
    match program().and_then(|program| stay(&program, START, REST)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("agent capturing: no capture started within {} s", START.as_secs());
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("agent capturing: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Keeps the container as long as the file is open.
pub fn hold() -> io::Result<File> {
    let program = program()?;
    program.lock_shared()?;
    Ok(program)
}

fn program() -> io::Result<File> {
    File::open(std::env::current_exe()?)
}

/// Waits until nobody has held the file for a while; tells whether somebody ever did.
fn stay(program: &File, start: Duration, rest: Duration) -> io::Result<bool> {
    let (mut held, mut since) = (false, Instant::now());
    while since.elapsed() < if held { rest } else { start } {
        match program.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                program.lock()?;
                (held, since) = (true, Instant::now());
            }
            Err(TryLockError::Error(e)) => return Err(e),
        }
        program.unlock()?;
        sleep(PAUSE);
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::thread;

    const SOON: Duration = Duration::from_millis(10);
    const LATE: Duration = Duration::from_secs(60);

    #[test]
    fn it_stays_as_long_as_a_capture_holds_it() {
        let path = std::env::temp_dir().join(format!("capturing-{}", std::process::id()));
        let open = || File::options().create(true).append(true).open(&path).unwrap();
        let (first, second) = (open(), open());
        first.lock_shared().unwrap();
        second.lock_shared().unwrap();
        let program = open();
        let (end, ended) = channel();
        thread::spawn(move || end.send(stay(&program, LATE, SOON).unwrap()));

        drop(first);
        assert_eq!(ended.recv_timeout(3 * PAUSE), Err(RecvTimeoutError::Timeout));
        drop(second);
        assert_eq!(ended.recv_timeout(LATE), Ok(true));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn it_ends_without_any_capture() {
        assert!(!stay(&program().unwrap(), SOON, LATE).unwrap());
    }
}

//! Keeps out what comes too late. One request at a time has the lock on `/dev/shm`, which all containers of a pod
//! share; the alias of `lo` holds the completeness marker and then the epoch and session of the last request. Both are
//! as in the scripts for agents with a shell, so that one pod may see requests of both kinds.

use crate::kernel::changes::Changes;
use crate::kernel::links;
use crate::netlink::Socket;
use crate::request::{Op, Request};
use crate::response::{Failure, Refusal, Report, Response};
use std::fs::{File, TryLockError};
use std::io;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

/// All networks that the pod declares are there.
pub const COMPLETE: &str = "complete";
/// They are not.
const PENDING: &str = "pending";

const LOCK: &str = "/dev/shm";
const SUBJECT: &str = "link lo";
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// The lock, which is given back when this is dropped.
pub struct Fence {
    _lock: File,
}

impl Fence {
    /// Takes the lock, and refuses a request that is older than the last one.
    pub fn enter(request: &Request, socket: &mut Socket) -> Result<Fence, Response> {
        let refused = |reason, message, epoch| Response::Refused { id: request.id, reason, message, epoch };
        let lock = lock().map_err(|e| refused(Refusal::Locked, format!("the lock on {LOCK}: {e}"), None))?;
        let unusable = |message| refused(Refusal::Kernel, format!("the alias of lo: {message}"), None);
        let alias = links::alias_of_lo(socket).map_err(|e| unusable(e.to_string()))?;
        let (marker, last) = parse(&alias);
        if last > (request.epoch, request.session) {
            let message = format!("epoch {}, session {} was there before", last.0, last.1);
            return Err(refused(Refusal::Fenced, message, Some(last.0)));
        }
        if last != (request.epoch, request.session) {
            // Without that an older request that comes later would not be kept out.
            write(&with_token(marker, request), socket).map_err(|failure| unusable(failure.message))?;
        }
        Ok(Fence { _lock: lock })
    }

    /// Says that all that the pod declares is there.
    pub fn complete(&self, request: &Request, socket: &mut Socket, report: &mut Report) {
        if let Err(failure) = write(&with_token(COMPLETE, request), socket) {
            report.fail(failure);
        }
    }
}

/// `agent complete`: sets the marker by hand, for a pod whose controller is gone for good. Any controller may come
/// later.
pub fn complete() -> ExitCode {
    let failed = |e| Failure::of(None, SUBJECT, &e);
    let written = Socket::open(libc::NETLINK_ROUTE).map_err(failed).and_then(|mut socket| {
        let _lock = lock().map_err(failed)?;
        write(COMPLETE, &mut socket)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("agent complete: {}: {}", failure.subject, failure.message);
            ExitCode::FAILURE
        }
    }
}

fn with_token(marker: &str, request: &Request) -> String {
    format!("{marker} {} {}", request.epoch, request.session)
}

fn write(alias: &str, socket: &mut Socket) -> Result<(), Failure> {
    let mut report = Report::default();
    set_alias(alias, socket, &mut report).map_err(|e| Failure::of(None, SUBJECT, &e))?;
    let Some(mut failure) = report.failures.pop() else { return Ok(()) };
    if failure.errno == libc::EPERM {
        failure.message += ": the agent lacks the capability NET_ADMIN";
    }
    Err(failure)
}

fn set_alias(alias: &str, socket: &mut Socket, report: &mut Report) -> io::Result<()> {
    let link = "lo".parse().map_err(io::Error::other)?;
    let mut changes = Changes::new(socket);
    changes.apply(None, &Op::SetAlias { link, alias: alias.into() }, report)?;
    changes.flush(report).map(drop)
}

fn lock() -> io::Result<File> {
    let file = File::open(LOCK)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// The marker, and the epoch and session behind it: each 0 where it is no number. Of somebody else's word nothing stays:
/// the alias might become too long.
fn parse(alias: &str) -> (&'static str, (u64, u64)) {
    let mut words = alias.split_ascii_whitespace();
    let marker = if words.next() == Some(COMPLETE) { COMPLETE } else { PENDING };
    let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    (marker, (number(), number()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn any_alias_has_a_marker_and_two_numbers() {
        assert_eq!(parse(""), ("pending", (0, 0)));
        assert_eq!(parse("complete"), ("complete", (0, 0)));
        assert_eq!(parse("complete 7 12 more"), ("complete", (7, 12)));
        assert_eq!(parse("pending x 12"), ("pending", (0, 12)));
        assert_eq!(parse("completed 7 12"), ("pending", (7, 12)));
        assert_eq!(parse(&"x".repeat(255)), ("pending", (0, 0)));
        assert_eq!(parse("pending -1 99999999999999999999999"), ("pending", (0, 0)));
    }
}

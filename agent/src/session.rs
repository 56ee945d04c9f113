//! `agent session`: a request a line on stdin, an answer a line on stdout, until stdin ends.

use crate::measure::{self, Echoes};
use crate::request::{self, Message, Request};
use crate::response::{Refusal, Response};
use crate::{sys, work};
use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::process::ExitCode;

/// The longest line: what sets up five segments of 1,000 members over IPv6 at once is a fourth of it.
pub const MOST_BYTES: usize = 4 << 20;

const NAME: &str = "agent";

/// Returns when stdin ends or can't be understood any more, or stdout is gone.
pub fn run() -> ExitCode {
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("agent session: {e}");
            ExitCode::FAILURE
        }
    }
}

fn serve(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let echoes = Echoes::default();
    while let Some(line) = next_line(input)? {
        let request = match request::parse(&line) {
            Ok(Message::Hello { protocol }) => {
                answer(output, &work::greet(protocol))?;
                continue;
            }
            Ok(Message::Echo(request)) => {
                answer(output, &echoes.start(&request))?;
                continue;
            }
            Ok(Message::Probe(request)) => {
                answer(output, &measure::probe(&request))?;
                continue;
            }
            Ok(Message::Do(request)) => request,
            Err(message) => {
                answer(output, &Response::Refused { id: 0, reason: Refusal::Malformed, message, epoch: None })?;
                continue;
            }
        };
        drop(line);
        let done = work::run(&request);
        answer(output, &done)?;
        if is_to_end(&request, &done) {
            end_others();
        }
    }
    Ok(())
}

/// A line that was cut off is none: its request was not sent whole.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    input.take(MOST_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        return Ok(Some(line));
    }
    if line.len() > MOST_BYTES {
        return Err(io::Error::other(format!("a request is longer than {MOST_BYTES} bytes")));
    }
    Ok(None)
}

fn answer(output: &mut impl Write, answer: &Response) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

fn is_to_end(request: &Request, done: &Response) -> bool {
    request.end && matches!(done, Response::Done(report) if report.failures.is_empty())
}

/// Ends the container's first process. Where a pod's containers share one process namespace it is not process 1, but
/// its mounts are our own.
fn end_others() {
    let mounts = |process: &str| fs::metadata(format!("/proc/{process}/ns/mnt")).map(|m| (m.dev(), m.ino())).ok();
    let Ok(processes) = fs::read_dir("/proc") else { return };
    for process in processes.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        let Ok(number) = process.parse::<i32>() else { continue };
        let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        let ours = name.trim_end() == NAME && mounts(&process).is_some() && mounts(&process) == mounts("self");
        if ours && number as u32 != std::process::id() {
            sys::terminate(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<String> {
        let mut input = input;
        std::iter::from_fn(|| next_line(&mut input).unwrap()).map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_line_without_its_end_is_dropped() {
        assert_eq!(lines(b"{}\n{\"do\":"), ["{}\n"]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_ends_the_session() {
        assert!(next_line(&mut vec![b'x'; MOST_BYTES + 1].as_slice()).is_err());
        let mut longest = vec![b'x'; MOST_BYTES];
        longest.push(b'\n');
        assert_eq!(next_line(&mut longest.as_slice()).unwrap().map(|line| line.len()), Some(MOST_BYTES + 1));
    }

    #[test]
    fn what_is_no_request_is_answered() {
        let mut output = Vec::new();
        serve(&mut &b"nonsense\n{}\n"[..], &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        assert_eq!(text.lines().filter(|line| line.contains(r#""reason":"malformed""#)).count(), 2, "{text}");
    }
}

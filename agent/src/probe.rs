//! `agent echo` and `agent probe`: the two ends of `vxlan ping`. They need no capability: they speak UDP between two
//! addresses of the pods, never in fragments, and ask for nothing but an answer of a certain size.

use crate::sys;
use serde::Serialize;
use std::io::{self, BufRead, Write};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What only the two ends know, so that the echo answers nobody else.
const TOKEN: usize = 16;
const HEADER: usize = TOKEN + BEHIND_TOKEN;
/// The packet's number and the size of the answer that it asks for, in hexadecimal digits.
pub(crate) const BEHIND_TOKEN: usize = NUMBER + SIZE;
pub(crate) const NUMBER: usize = 8;
pub(crate) const SIZE: usize = 4;
pub(crate) const MOST_BYTES: usize = u16::MAX as usize;
/// How long the last answers may take.
const LAST: Duration = Duration::from_secs(1);
/// How long a packet of a certain size may take, and how often it is tried.
const OF_A_SIZE: Duration = Duration::from_millis(400);
const TRIES: u32 = 2;
/// A look for what has come already.
const LOOK: Duration = Duration::from_millis(1);

/// What a probe found. Sizes are those of IP packets in bytes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    sent: u32,
    answered: u32,
    /// Round trips in microseconds, in the order sent.
    rtt_micros: Vec<u64>,
    /// The largest packet that arrives there, and of the answers; 0 if nothing does.
    forward_bytes: usize,
    backward_bytes: usize,
}

/// Answers on a free port of an address, which it prints, until a line comes on stdin or stdin ends; then prints how
/// many of the probe's packets came.
pub fn echo(address: &str, token: &str) -> ExitCode {
    ended("echo", echo_until_end(address, token))
}

/// Sends packets to an echo, some a second apart and then some of all sizes, and prints what became of them.
pub fn probe(words: &[&str]) -> ExitCode {
    ended("probe", probe_all(words))
}

fn ended(command: &str, result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("agent {command}: {e}");
            ExitCode::FAILURE
        }
    }
}

fn echo_until_end(address: &str, token: &str) -> io::Result<()> {
    let socket = open(parse(address)?)?;
    let token = checked(token)?;
    println!("{{\"port\":{}}}", socket.local_addr()?.port());
    io::stdout().flush()?;
    let came = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&came);
    thread::spawn(move || answer_all(&socket, &token, &counted));
    io::stdin().lock().read_line(&mut String::new())?;
    println!("{{\"received\":{}}}", came.load(Ordering::Relaxed));
    Ok(())
}

/// Counts only packets of the smallest size: the others look for the largest that arrives.
fn answer_all(socket: &UdpSocket, token: &[u8], came: &AtomicU64) {
    let mut packet = vec![0; MOST_BYTES];
    loop {
        // What the kernel reports of an earlier answer, as that it was too large, is no reason to end.
        let Ok((length, from)) = socket.recv_from(&mut packet) else { continue };
        let Some(wanted) = wanted(&packet[..length], token) else { continue };
        if length == HEADER && wanted == HEADER {
            came.fetch_add(1, Ordering::Relaxed);
        }
        packet[HEADER..].fill(0);
        let _ = socket.send_to(&packet[..wanted], from);
    }
}

/// The size of the answer that a packet asks for; none if it is not the probe's.
pub(crate) fn wanted(packet: &[u8], token: &[u8]) -> Option<usize> {
    let header = token.len() + BEHIND_TOKEN;
    let size = packet.get(token.len() + NUMBER..header)?;
    let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
    (packet.starts_with(token) && size >= header).then_some(size)
}

/// A packet of a size that asks for an answer of another.
pub(crate) fn packet(token: &[u8], number: u32, size: usize, answer: usize) -> Vec<u8> {
    let mut packet = token.to_vec();
    packet.extend(format!("{number:08x}{answer:04x}").bytes());
    packet.resize(size, 0);
    packet
}

/// The number of the packet that an answer answers; none if it is not the echo's.
pub(crate) fn answered(answer: &[u8], token: &[u8]) -> Option<u32> {
    let number = answer.get(token.len()..token.len() + NUMBER)?;
    let number = u32::from_str_radix(std::str::from_utf8(number).ok()?, 16).ok()?;
    answer.starts_with(token).then_some(number)
}

/// Sends on a connected socket. The kernel reports an earlier failure first, and sends at the next call.
pub(crate) fn send(socket: &UdpSocket, packet: &[u8]) -> io::Result<()> {
    socket.send(packet).or_else(|_| socket.send(packet)).map(drop)
}

/// The next packet that came before that time: one that the kernel holds although the time is over counts, since this
/// process may have waited for the CPU. What the kernel reports of an earlier one that was sent is no reason to end.
pub(crate) fn receive_from(socket: &UdpSocket, buffer: &mut [u8], end: Instant) -> Option<(usize, SocketAddr)> {
    let mut looks = 2;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        socket.set_read_timeout(Some(left.max(LOOK))).ok()?;
        match socket.recv_from(buffer) {
            Ok(came) => return Some(came),
            Err(_) if left.is_zero() && looks == 1 => return None,
            Err(_) if left.is_zero() => looks -= 1,
            Err(_) => {}
        }
    }
}

fn probe_all(words: &[&str]) -> io::Result<()> {
    let &[from, to, port, token, count, interval, bytes] = words else {
        return Err(invalid("it takes FROM TO PORT TOKEN COUNT INTERVAL BYTES"));
    };
    let socket = open(parse(from)?)?;
    socket.connect(SocketAddr::new(parse(to)?, parse(port)?))?;
    let overhead = if parse::<IpAddr>(to)?.is_ipv4() { 28 } else { 48 };
    let mut probe = Probe { socket, token: checked(token)?, number: 0 };
    let found = probe.find(parse(count)?, Duration::from_millis(parse(interval)?), parse(bytes)?, overhead);
    println!("{}", serde_json::to_string(&found)?);
    Ok(())
}

struct Probe {
    socket: UdpSocket,
    token: Vec<u8>,
    number: u32,
}

impl Probe {
    fn find(&mut self, count: u32, interval: Duration, bytes: usize, overhead: usize) -> Found {
        let rtt_micros = self.round_trips(count, interval);
        let (forward, backward) = if rtt_micros.is_empty() {
            (0, 0)
        } else {
            let most = bytes.saturating_sub(overhead).clamp(HEADER, MOST_BYTES - overhead);
            (
                largest(most, |size| self.passes(size, HEADER)) + overhead,
                largest(most, |size| self.passes(HEADER, size)) + overhead,
            )
        };
        Found {
            sent: count,
            answered: rtt_micros.len() as u32,
            rtt_micros,
            forward_bytes: forward,
            backward_bytes: backward,
        }
    }

    fn round_trips(&mut self, count: u32, interval: Duration) -> Vec<u64> {
        let mut sent = Vec::new();
        let mut answers = vec![None; count as usize];
        for index in 0..count {
            let now = Instant::now();
            let _ = self.send(HEADER, HEADER);
            sent.push((self.number, now));
            let wait = if index + 1 == count { LAST } else { interval };
            while answers.contains(&None) {
                let Some((number, _)) = self.receive(now + wait) else { break };
                if let Some(its) = sent.iter().position(|(other, _)| *other == number) {
                    answers[its].get_or_insert(sent[its].1.elapsed().as_micros() as u64);
                }
                if index + 1 < count && answers[..sent.len()].iter().all(Option::is_some) {
                    thread::sleep((now + wait).saturating_duration_since(Instant::now()));
                    break;
                }
            }
        }
        answers.into_iter().flatten().collect()
    }

    /// Whether a packet of one size is answered by one of another.
    fn passes(&mut self, size: usize, answer: usize) -> bool {
        (0..TRIES).any(|_| {
            if self.send(size, answer).is_err() {
                return false;
            }
            let end = Instant::now() + OF_A_SIZE;
            let number = self.number;
            std::iter::from_fn(|| self.receive(end)).any(|came| came == (number, answer))
        })
    }

    fn send(&mut self, size: usize, answer: usize) -> io::Result<()> {
        self.number += 1;
        send(&self.socket, &packet(&self.token, self.number, size, answer))
    }

    /// The number and the size of the next answer; none if none comes in time.
    fn receive(&self, end: Instant) -> Option<(u32, usize)> {
        let mut packet = vec![0; MOST_BYTES];
        while Instant::now() < end + LAST {
            let (length, _) = receive_from(&self.socket, &mut packet, end)?;
            if let Some(number) = answered(&packet[..length], &self.token) {
                return Some((number, length));
            }
        }
        None
    }
}

/// The largest size that passes, from the header's on: most of them at once, or by halves.
fn largest(most: usize, mut passes: impl FnMut(usize) -> bool) -> usize {
    if passes(most) {
        return most;
    }
    let (mut passed, mut failed) = (HEADER, most);
    while failed - passed > 1 {
        let middle = passed.midpoint(failed);
        if passes(middle) {
            passed = middle;
        } else {
            failed = middle;
        }
    }
    passed
}

/// A socket on a free port of an address, which sends packets whole or not at all.
pub(crate) fn open(address: IpAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(SocketAddr::new(address, 0))?;
    sys::never_fragment(&socket, address.is_ipv6())?;
    Ok(socket)
}

fn checked(token: &str) -> io::Result<Vec<u8>> {
    if token.len() == TOKEN && token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(token.as_bytes().to_vec())
    } else {
        Err(invalid("the token is 16 letters and digits"))
    }
}

fn parse<T: std::str::FromStr>(word: &str) -> io::Result<T> {
    word.parse().map_err(|_| invalid(&format!("what is {word:?}?")))
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_size_is_found() {
        for limit in [HEADER, HEADER + 1, 100, 1399, 1400] {
            assert_eq!(largest(1400, |size| size <= limit), limit);
        }
    }

    #[test]
    fn an_answer_that_came_in_time_is_received_also_after_the_deadline() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(b"answer", socket.local_addr().unwrap()).unwrap();
        let over = Instant::now();

        assert_eq!(receive_from(&socket, &mut [0; 9], over).map(|(length, _)| length), Some(6));
        assert_eq!(receive_from(&socket, &mut [0; 9], over), None);
    }

    #[test]
    fn only_the_probes_packets_are_answered() {
        let token = b"0123456789abcdef";
        assert_eq!(wanted(b"0123456789abcdef0000000105aa", token), Some(0x5aa));
        assert_eq!(wanted(b"0123456789abcdef00000001001c and more", token), Some(HEADER));
        for packet in
            [&b"0123456789abcdeX0000000105aa"[..], b"0123456789abcdef0000000105a", b"0123456789abcdef00000001000a", b""]
        {
            assert_eq!(wanted(packet, token), None);
        }
    }
}

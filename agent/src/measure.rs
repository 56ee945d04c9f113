//! What members find out about a segment: one answers for some seconds, another measures how its packets arrive there.
//! Both use the overlay: a socket has an overlay address and a VXLAN link of ours, and nothing else reaches it.

use crate::kernel::links;
use crate::netlink::Socket;
use crate::probe::{BEHIND_TOKEN, MOST_BYTES, NUMBER, SIZE, answered, open, packet, receive_from, send, wanted};
use crate::request::{EchoRequest, ProbeRequest};
use crate::response::{Measured, Refusal, Response};
use crate::sys;
use crate::values::{Name, TOKEN};
use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A packet has at least the token, its number and the size that it asks for.
pub const HEADER: usize = TOKEN + BEHIND_TOKEN;
/// How many echoes a session has at once.
pub const MOST_ECHOES: usize = 16;
/// How many packets an echo answers within each [`WINDOW`].
pub const MOST_IN_WINDOW: u32 = 128;
const WINDOW: Duration = Duration::from_millis(100);
/// How many small packets a probe sends, one after another, and how long it waits for each answer.
const SMALL: usize = 3;
const OF_SMALL: Duration = Duration::from_millis(200);
/// How long a large packet's answer takes: so many round trips of small ones and a bit, within these bounds.
const ROUND_TRIPS: u32 = 4;
const LEAST: Duration = Duration::from_millis(50);
const MOST: Duration = Duration::from_millis(200);
/// How long all of a probe takes. What was not answered by then did not pass.
const OF_PROBE: Duration = Duration::from_secs(3);
/// How often a packet of a size is sent.
const TRIES: usize = 2;
/// How many sizes are tried at once: three rounds, two packets of each size, are less than an echo answers in its window.
const SIZES: usize = 15;

/// The echoes of a session. They end by themselves, or with the session's process.
#[derive(Default)]
pub struct Echoes {
    running: Arc<()>,
}

impl Echoes {
    /// Opens a socket on the overlay address, answers on it for so many seconds, and gives its port and the link's MTU.
    pub fn start(&self, request: &EchoRequest) -> Response {
        // This one and one with each thread that runs.
        if Arc::strong_count(&self.running) > MOST_ECHOES {
            let message = format!("{MOST_ECHOES} echoes run in this session");
            return Response::Refused { id: request.id, reason: Refusal::Busy, message, epoch: None };
        }
        match self.answer(request) {
            Ok((port, mtu)) => Response::Echoing { id: request.id, port, mtu },
            Err(e) => refused(request.id, &request.link, &e),
        }
    }

    fn answer(&self, request: &EchoRequest) -> io::Result<(u16, u32)> {
        let (socket, mtu) = overlay_socket(&request.link, request.address)?;
        let port = socket.local_addr()?.port();
        let echo = Echo { token: request.token.to_string().into_bytes(), from: request.from };
        let end = Instant::now() + Duration::from_secs(request.seconds.into());
        let running = Arc::clone(&self.running);
        std::thread::Builder::new().name("echo".into()).spawn(move || {
            let _running = running;
            echo.answer_until(end, &socket);
        })?;
        Ok((port, mtu))
    }
}

struct Echo {
    token: Vec<u8>,
    from: IpAddr,
}

impl Echo {
    /// Answers until `end`, also a probe that comes late. From a probe's first packet on it answers for [`OF_PROBE`] only,
    /// and then makes room.
    fn answer_until(&self, mut end: Instant, socket: &UdpSocket) {
        let mut begun = false;
        let before = bad_checksums();
        let mut buffer = vec![0; MOST_BYTES];
        let mut window = Window { since: Instant::now(), answers: 0 };
        while Instant::now() < end
            && let Some((length, from)) = receive_from(socket, &mut buffer, end)
        {
            let Some(size) = wanted(&buffer[..length], &self.token) else { continue };
            if from.ip() != self.from {
                continue;
            }
            let now = Instant::now();
            if !begun {
                (begun, end) = (true, end.min(now + OF_PROBE));
            }
            if window.takes(now) {
                let broken = bad_checksums().saturating_sub(before).min(u16::MAX.into());
                buffer[TOKEN + NUMBER..HEADER].copy_from_slice(format!("{broken:04x}").as_bytes());
                buffer[HEADER..].fill(0);
                let _ = socket.send_to(&buffer[..size], from);
            }
        }
    }
}

/// How many packets were answered since when.
struct Window {
    since: Instant,
    answers: u32,
}

impl Window {
    fn takes(&mut self, now: Instant) -> bool {
        if now.duration_since(self.since) >= WINDOW {
            *self = Window { since: now, answers: 0 };
        }
        self.answers += 1;
        self.answers <= MOST_IN_WINDOW
    }
}

/// Sends small packets, then packets of the size asked for, and looks for the largest that passes if those do not. It
/// takes three seconds at most.
pub fn probe(request: &ProbeRequest) -> Response {
    match measure(request) {
        Ok(measured) => Response::Probed(measured),
        Err(e) => refused(request.id, &request.link, &e),
    }
}

fn measure(request: &ProbeRequest) -> io::Result<Measured> {
    let (socket, mtu) = overlay_socket(&request.link, request.from)?;
    socket.connect(SocketAddr::new(request.to, request.port))?;
    let overhead = if request.to.is_ipv4() { 28 } else { 48 };
    let bytes = usize::from(request.bytes).min(mtu as usize);
    let most = bytes.saturating_sub(overhead).max(HEADER);
    let before = bad_checksums();
    let token = request.token.to_string().into_bytes();
    let end = Instant::now() + OF_PROBE;
    let mut path = Path { socket, token, end, buffer: vec![0; MOST_BYTES], number: 0, broken: 0 };
    let rtt_micros = path.round_trips();
    let mut measured = Measured {
        id: request.id,
        sent: SMALL,
        answered: rtt_micros.len(),
        bytes: most + overhead,
        ..Measured::default()
    };
    if let Some(longest) = rtt_micros.iter().max() {
        let wait = (Duration::from_micros(*longest) * ROUND_TRIPS + LEAST).min(MOST);
        let (forward, backward) = if (0..TRIES).any(|_| path.passes(most, wait)) {
            (most, most)
        } else {
            (
                largest(most, wait, |sizes, wait| path.largest_of(sizes, wait, |size| (size, HEADER))),
                largest(most, wait, |sizes, wait| path.largest_of(sizes, wait, |size| (HEADER, size))),
            )
        };
        (measured.forward_bytes, measured.backward_bytes) = (forward + overhead, backward + overhead);
    }
    measured.rtt_micros = rtt_micros;
    measured.bad_checksums = bad_checksums().saturating_sub(before);
    measured.peer_bad_checksums = path.broken;
    Ok(measured)
}

struct Path {
    socket: UdpSocket,
    token: Vec<u8>,
    end: Instant,
    buffer: Vec<u8>,
    number: u32,
    /// Broken checksums that the other end has counted.
    broken: u64,
}

impl Path {
    /// The round trips of small packets in microseconds. An answer may come while the next one's is awaited.
    fn round_trips(&mut self) -> Vec<u64> {
        let mut sent: Vec<(u32, Instant)> = Vec::new();
        let mut took = Vec::new();
        for _ in 0..SMALL {
            let now = Instant::now();
            let _ = self.send(HEADER, HEADER);
            sent.push((self.number, now));
            while took.len() < sent.len()
                && let Some((number, _)) = self.receive(now + OF_SMALL)
            {
                if let Some((_, since)) = sent.iter().find(|(its, _)| *its == number) {
                    took.push(since.elapsed().as_micros() as u64);
                }
            }
        }
        took.truncate(SMALL);
        took
    }

    /// Whether a packet of a size is answered by one of the same size.
    fn passes(&mut self, size: usize, wait: Duration) -> bool {
        let end = Instant::now() + wait;
        let number = self.send(size, size).map(|()| self.number);
        number.is_ok_and(|number| std::iter::from_fn(|| self.receive(end)).any(|came| came == (number, size)))
    }

    /// The largest of some sizes that passes. All are sent at once; `pair` gives a packet's size and its answer's.
    fn largest_of(&mut self, sizes: &[usize], wait: Duration, pair: impl Fn(usize) -> (usize, usize)) -> Option<usize> {
        let end = Instant::now() + wait;
        let mut sent = Vec::new();
        for &size in sizes.iter().cycle().take(sizes.len() * TRIES) {
            let (there, back) = pair(size);
            if self.send(there, back).is_ok() {
                sent.push((self.number, size, back));
            }
        }
        let last = sent.iter().map(|(_, size, _)| *size).max()?;
        let mut passed = None;
        while passed != Some(last)
            && let Some((number, length)) = self.receive(end)
        {
            let its = sent.iter().find(|(sent, _, back)| (*sent, *back) == (number, length));
            passed = passed.max(its.map(|(_, size, _)| *size));
        }
        passed
    }

    fn send(&mut self, size: usize, answer: usize) -> io::Result<()> {
        self.number += 1;
        send(&self.socket, &packet(&self.token, self.number, size, answer))
    }

    /// The number and the size of the next answer; none if none comes in time.
    fn receive(&mut self, end: Instant) -> Option<(u32, usize)> {
        let end = end.min(self.end);
        while Instant::now() < self.end + MOST {
            let (length, _) = receive_from(&self.socket, &mut self.buffer, end)?;
            let answer = &self.buffer[..length];
            let Some(number) = answered(answer, &self.token) else { continue };
            let Some(broken) = answer.get(TOKEN + NUMBER..TOKEN + NUMBER + SIZE) else { continue };
            let broken = std::str::from_utf8(broken).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
            self.broken = self.broken.max(broken.unwrap_or(0));
            return Some((number, length));
        }
        None
    }
}

/// The largest size that passes, from the header's on. `pass` gives the largest of some sizes that does so in time. Once it is
/// found, larger ones are tried for longer: answers that come late or are lost are no smaller path.
fn largest(most: usize, wait: Duration, mut pass: impl FnMut(&[usize], Duration) -> Option<usize>) -> usize {
    let (mut passed, mut failed) = (HEADER, most + 1);
    while passed < most {
        let is_found = failed - passed == 1;
        if is_found {
            failed = most + 1;
        }
        let between = failed - passed - 1;
        let count = between.min(SIZES);
        // The last one is the largest that may pass: a packet of the full size may have been lost before.
        let sizes: Vec<usize> = (1..=count).map(|index| passed + (between * index).div_ceil(count)).collect();
        match pass(&sizes, if is_found { MOST } else { wait }) {
            Some(size) => {
                failed = sizes.iter().copied().find(|larger| *larger > size).unwrap_or(failed);
                passed = size;
            }
            None if is_found => break,
            None => failed = sizes[0],
        }
    }
    passed
}

/// A socket that only the segment reaches, and the MTU of the link: a VXLAN link with our mark has the address, and the
/// socket is bound to both.
fn overlay_socket(link: &Name, address: IpAddr) -> io::Result<(UdpSocket, u32)> {
    let devices = links::list(&mut Socket::open(libc::NETLINK_ROUTE)?)?;
    let ours = devices.iter().find(|device| {
        device.name == link.as_str()
            && device.vxlan.is_some()
            && device.alias.contains('/')
            && device.addresses.iter().any(|own| own.address.ip == address)
    });
    let Some(ours) = ours else {
        return Err(io::Error::other(format!("there is no VXLAN link of ours with the address {address}")));
    };
    let socket = open(address)?;
    sys::bind_to(&socket, link.as_str())?;
    Ok((socket, ours.mtu))
}

/// UDP packets with broken checksums that came into the pod, over both families; 0 where the kernel does not say.
fn bad_checksums() -> u64 {
    let snmp = fs::read_to_string("/proc/self/net/snmp").unwrap_or_default();
    let snmp6 = fs::read_to_string("/proc/self/net/snmp6").unwrap_or_default();
    of_ipv4(&snmp) + of_ipv6(&snmp6)
}

/// A line with names, then one with their numbers.
fn of_ipv4(snmp: &str) -> u64 {
    let mut lines = snmp.lines().filter(|line| line.starts_with("Udp:"));
    let (names, numbers) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let mut both = names.split_ascii_whitespace().zip(numbers.split_ascii_whitespace());
    both.find(|(name, _)| *name == "InCsumErrors").and_then(|(_, number)| number.parse().ok()).unwrap_or(0)
}

/// A line with a name and its number.
fn of_ipv6(snmp6: &str) -> u64 {
    let number = snmp6.lines().find_map(|line| line.strip_prefix("Udp6InCsumErrors"));
    number.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

fn refused(id: u64, link: &Name, e: &io::Error) -> Response {
    Response::Refused { id, reason: Refusal::Kernel, message: format!("link {link}: {e}"), epoch: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_size_is_found_in_few_rounds() {
        for limit in [HEADER, HEADER + 1, 100, 1372, 1399, 1400, 1421, 1422] {
            let mut rounds = 0;
            let found = largest(1422, LEAST, |sizes, _| {
                rounds += 1;
                assert!(sizes.len() <= SIZES && sizes.is_sorted());
                sizes.iter().copied().filter(|size| *size <= limit).max()
            });
            assert_eq!(found, limit);
            assert!(rounds <= 5, "{rounds} rounds");
        }
        assert_eq!(largest(HEADER, LEAST, |_, _| None), HEADER);
    }

    #[test]
    fn late_answers_are_no_smaller_path() {
        let mut late = 4;
        let found = largest(1422, LEAST, |sizes, wait| {
            let is_late = late > 0 && wait < MOST;
            late -= i32::from(is_late);
            let limit = if is_late { 150 } else { 1238 };
            sizes.iter().copied().filter(|size| *size <= limit).max()
        });
        assert_eq!(found, 1238);
    }

    #[test]
    fn a_full_packet_that_was_lost_is_no_smaller_path() {
        assert_eq!(largest(1422, LEAST, |sizes, _| sizes.last().copied()), 1422);
    }

    #[test]
    fn an_echo_answers_so_many_in_a_while() {
        let begun = Instant::now();
        let mut window = Window { since: begun, answers: 0 };
        let taken = (0..200).filter(|_| window.takes(begun)).count();
        assert_eq!(taken, MOST_IN_WINDOW as usize);
        assert!(window.takes(begun + WINDOW));
    }

    #[test]
    fn broken_checksums_are_read_by_name() {
        let snmp =
            "Ip: Forwarding InHdrErrors\nIp: 1 9\nUdp: InDatagrams NoPorts InErrors InCsumErrors\nUdp: 5 6 7 8\n";
        assert_eq!(of_ipv4(snmp), 8);
        assert_eq!(of_ipv4(""), 0);
        assert_eq!(of_ipv4("Udp: InCsumErrors\n"), 0);
        assert_eq!(of_ipv6("Udp6InErrors \t1\nUdp6InCsumErrors                \t12\n"), 12);
        assert_eq!(of_ipv6("Udp6InErrors 1\n"), 0);
    }
}

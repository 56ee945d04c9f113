//! `agent capture`: the frames of one interface as pcapng on stdout, for `vxlan capture`. It needs NET_RAW.

use crate::capturing;
use crate::sys;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Larger than any frame: a few drivers hand on several packets as one.
const MOST_BYTES: usize = 1 << 18;
/// The two addresses at the beginning of a frame, behind which its VLAN tag stands.
const ADDRESSES: usize = 12;
const TAG: usize = 4;
const FLUSH: Duration = Duration::from_millis(100);
/// How long a reader may take for the rest. One that is gone may leave a pipe that nothing empties.
const LAST: Duration = Duration::from_secs(10);

/// Who starts a capture begins it at once; one that nobody begins is not to stay.
const START: Duration = Duration::from_secs(30);
/// The reader sends a byte every 5 seconds. If its connection breaks just as the capture starts, stdin never ends.
const SILENCE: Duration = Duration::from_secs(30);

/// Frames that wait for a slow reader: the container has no memory limit of its own.
const MOST_QUEUED: usize = 8 << 20;
const IN: u32 = 1;
const OUT: u32 = 2;

/// A frame with the time at which it was read.
struct Frame {
    nanos: u64,
    outgoing: bool,
    bytes: Vec<u8>,
}

/// Begins with a line on stdin, so that its reader misses nothing, and ends with the next, with the end of stdin, or when
/// its reader is silent. Bytes within a line only show that the reader is there.
pub fn run(interface: &str, name: &str) -> ExitCode {
    match capture(interface, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("agent capture: {e}");
            ExitCode::FAILURE
        }
    }
}

/// What waits for its reader, in bytes, and how many frames found no room.
#[derive(Default)]
struct Queue {
    bytes: AtomicUsize,
    left_out: AtomicU64,
}

impl Queue {
    /// Whether a frame may wait too; counts it either way.
    fn takes(&self, length: usize) -> bool {
        let taken = self.bytes.load(Ordering::Relaxed) + length <= MOST_QUEUED;
        if taken {
            self.bytes.fetch_add(length, Ordering::Relaxed);
        } else {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    fn is_rid_of(&self, length: usize) {
        self.bytes.fetch_sub(length, Ordering::Relaxed);
    }
}

fn capture(interface: &str, name: &str) -> io::Result<()> {
    let _held = capturing::hold()?;
    let changes = sys::link_changes()?;
    let socket = Arc::new(sys::packets()?);
    let index = sys::index_of(interface)?;
    sys::listen(&socket, index)?;
    let told = reader();
    let (frames, taken) = channel();
    if !is_begun(&told, START)? {
        return Ok(());
    }
    let end = frames.clone();
    thread::spawn(move || {
        await_end(&told, SILENCE);
        let _ = end.send(None);
        thread::sleep(LAST);
        eprintln!("agent capture: nobody read the last frames within {} s", LAST.as_secs());
        process::exit(1);
    });
    let (followed, interface) = (Arc::clone(&socket), interface.to_string());
    thread::spawn(move || {
        if let Err(e) = follow(&followed, &interface, index, changes) {
            eprintln!("agent capture: cannot follow {interface}: {e}");
        }
    });
    let queue = Arc::new(Queue::default());
    let filled = Arc::clone(&queue);
    thread::spawn(move || take(&socket, &filled, &frames));
    write(&mut BufWriter::new(io::stdout().lock()), name, &taken, &queue)?;
    match queue.left_out.load(Ordering::Relaxed) {
        0 => Ok(()),
        frames => Err(io::Error::other(format!("{frames} frames are left out, since the reader was too slow"))),
    }
}

/// What comes on stdin: for each byte, whether it ends a line. The channel closes when stdin ends.
fn reader() -> Receiver<bool> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let bytes = io::stdin().lock().bytes().map_while(Result::ok);
        bytes.map(|byte| tell.send(byte == b'\n')).all(|sent| sent.is_ok())
    });
    told
}

/// True once a line comes, false if stdin ends first; an error if neither comes in time.
fn is_begun(told: &Receiver<bool>, within: Duration) -> io::Result<bool> {
    let end = Instant::now() + within;
    loop {
        match told.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                return Err(io::Error::other(format!("nobody began within {} s", within.as_secs())));
            }
        }
    }
}

/// Waits for a line or the end of stdin, or until nothing has come for that long.
fn await_end(told: &Receiver<bool>, silence: Duration) {
    loop {
        match told.recv_timeout(silence) {
            Ok(false) => {}
            Ok(true) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                eprintln!("agent capture: vxlan sent nothing for {} s", silence.as_secs());
                return;
            }
        }
    }
}

/// Goes on with the interface that has the name now: the kernel binds a socket to an index, and one that is made anew has
/// another. Returns only what went wrong.
fn follow(socket: &File, interface: &str, mut index: u32, mut changes: File) -> io::Result<()> {
    loop {
        // One that is gone again is looked for with the next change.
        if let Ok(now) = sys::index_of(interface)
            && now != index
            && sys::listen(socket, now).is_ok()
        {
            index = now;
        }
        sys::next_change(&mut changes)?;
    }
}

/// Takes frames as long as somebody wants them.
fn take(socket: &File, queue: &Queue, frames: &Sender<Option<Frame>>) {
    let mut buffer = vec![0; MOST_BYTES - TAG];
    loop {
        // An interface that went down reports that once; frames come again when it is up.
        let Ok(packet) = sys::next_packet(socket, &mut buffer) else { continue };
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64);
        let bytes = tagged(&buffer[..packet.length], packet.vlan);
        if queue.takes(bytes.len()) && frames.send(Some(Frame { nanos, outgoing: packet.outgoing, bytes })).is_err() {
            return;
        }
    }
}

/// A frame as it is on the wire: with the tag that the kernel took out.
fn tagged(frame: &[u8], vlan: Option<[u8; TAG]>) -> Vec<u8> {
    match (vlan, frame.split_at_checked(ADDRESSES)) {
        (Some(tag), Some((addresses, rest))) => [addresses, &tag, rest].concat(),
        _ => frame.to_vec(),
    }
}

/// Writes frames until the end, and for [`FLUSH`] longer those that the kernel still held; a reader sees each within [`FLUSH`].
fn write(output: &mut impl Write, name: &str, frames: &Receiver<Option<Frame>>, queue: &Queue) -> io::Result<()> {
    output.write_all(&section())?;
    output.write_all(&interface(name))?;
    output.flush()?;
    let mut flushed = Instant::now();
    let mut end = None;
    while end.is_none_or(|end| Instant::now() < end) {
        match frames.recv_timeout(FLUSH) {
            Ok(Some(frame)) => {
                output.write_all(&packet(&frame))?;
                queue.is_rid_of(frame.bytes.len());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Ok(None) => end = Some(Instant::now() + FLUSH),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if flushed.elapsed() >= FLUSH {
            output.flush()?;
            flushed = Instant::now();
        }
    }
    output.flush()
}

/// A section header block (draft-ietf-opsawg-pcapng, section 4.1) of unknown length.
fn section() -> Vec<u8> {
    let mut body = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    body.extend(1_u16.to_le_bytes());
    body.extend(0_u16.to_le_bytes());
    body.extend(u64::MAX.to_le_bytes());
    block(0x0a0d_0d0a, &body)
}

/// An interface description block (section 4.2): Ethernet, times in nanoseconds.
fn interface(name: &str) -> Vec<u8> {
    let mut body = 1_u16.to_le_bytes().to_vec();
    body.extend(0_u16.to_le_bytes());
    body.extend((MOST_BYTES as u32).to_le_bytes());
    option(&mut body, 2, name.as_bytes());
    option(&mut body, 9, &[9]);
    option(&mut body, 0, &[]);
    block(1, &body)
}

/// An enhanced packet block (section 4.3) of the first interface.
fn packet(frame: &Frame) -> Vec<u8> {
    let mut body = 0_u32.to_le_bytes().to_vec();
    body.extend(((frame.nanos >> 32) as u32).to_le_bytes());
    body.extend((frame.nanos as u32).to_le_bytes());
    body.extend((frame.bytes.len() as u32).to_le_bytes());
    body.extend((frame.bytes.len() as u32).to_le_bytes());
    padded(&mut body, &frame.bytes);
    option(&mut body, 2, &(if frame.outgoing { OUT } else { IN }).to_le_bytes());
    option(&mut body, 0, &[]);
    block(6, &body)
}

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 12).to_le_bytes();
    [&kind.to_le_bytes(), &length[..], body, &length].concat()
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    padded(body, value);
}

fn padded(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_waits_than_there_is_room_for() {
        let queue = Queue::default();
        assert!(queue.takes(MOST_QUEUED));
        assert!(!queue.takes(1));
        queue.is_rid_of(MOST_QUEUED);
        assert!(queue.takes(1));
        assert_eq!(queue.left_out.into_inner(), 1);
    }

    #[test]
    fn a_line_begins_and_the_next_line_the_end_or_silence_ends() {
        const LONG: Duration = Duration::from_secs(60);
        const SHORT: Duration = Duration::from_millis(10);
        let (tell, told) = channel();
        let say = |bytes: &[u8]| bytes.iter().for_each(|byte| tell.send(*byte == b'\n').unwrap());

        say(b" \n");
        assert!(is_begun(&told, LONG).unwrap());
        say(b"  \nx");
        await_end(&told, LONG);
        assert_eq!(told.try_recv(), Ok(false), "what stands behind the line");
        await_end(&told, SHORT);
        assert!(is_begun(&told, SHORT).unwrap_err().to_string().starts_with("nobody began"));
        drop(tell);
        await_end(&told, LONG);
        assert!(!is_begun(&told, LONG).unwrap());
    }

    #[test]
    fn a_tag_stands_behind_the_addresses() {
        let frame: Vec<u8> = (0..20).collect();

        let whole = tagged(&frame, Some([0x81, 0, 0, 5]));

        assert_eq!(whole[..12], frame[..12]);
        assert_eq!(whole[12..16], [0x81, 0, 0, 5]);
        assert_eq!(whole[16..], frame[12..]);
        assert_eq!(tagged(&frame, None), frame);
        assert_eq!(tagged(&frame[..11], Some([0x81, 0, 0, 5])), frame[..11]);
    }

    #[test]
    fn frames_are_blocks_that_say_their_length_at_both_ends() {
        let (frames, taken) = channel();
        frames.send(Some(Frame { nanos: 5, outgoing: true, bytes: vec![7; 61] })).unwrap();
        frames.send(None).unwrap();
        frames.send(Some(Frame { nanos: 6, outgoing: false, bytes: vec![8; 61] })).unwrap();
        drop(frames);
        let mut output = Vec::new();

        let queue = Queue::default();
        assert!(queue.takes(2 * 61));
        write(&mut output, "lab/one vxeth1", &taken, &queue).unwrap();
        assert_eq!(queue.bytes.into_inner(), 0);

        let mut kinds = Vec::new();
        let mut rest = &output[..];
        while !rest.is_empty() {
            let number = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().unwrap());
            let length = number(4) as usize;
            assert_eq!(length % 4, 0);
            assert_eq!(number(length - 4) as usize, length);
            kinds.push(number(0));
            rest = &rest[length..];
        }
        assert_eq!(kinds, [0x0a0d_0d0a, 1, 6, 6], "what was under way at the end is there too");
        let last = packet(&Frame { nanos: 6, outgoing: false, bytes: vec![8; 61] });
        assert!(output.ends_with(&last));
        let frame = packet(&Frame { nanos: 5, outgoing: true, bytes: vec![7; 61] });
        assert_eq!(frame[28..89], [7; 61]);
        assert_eq!(frame[92..100], [2, 0, 4, 0, 2, 0, 0, 0], "the direction");
    }
}

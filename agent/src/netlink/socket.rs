//! One socket for one exchange after another. It is opened anew for each request of the controller's, so that no answer
//! of an exchange that was given up is taken for another's.

use super::read::{Attributes, Message, messages, text, u32_at};
use super::write::Batch;
use crate::sys;
use std::fs::File;
use std::io::{self, Read, Write};

const BUFFER: usize = 32 << 10;
/// More in one table is refused of what is kept of it: an app may have filled it without an end.
const MOST_ROWS: usize = 1 << 16;
const INTERRUPTED_TRIES: usize = 8;

const ERROR: u16 = libc::NLMSG_ERROR as u16;
const DONE: u16 = libc::NLMSG_DONE as u16;
const DUMP: u16 = libc::NLM_F_DUMP as u16;
const WITH_TEXT: u16 = 0x200; // NLM_F_ACK_TLVS
const TEXT: u16 = 1; // NLMSGERR_ATTR_MSG

/// An open netlink socket.
pub struct Socket {
    file: File,
    buffer: Vec<u8>,
}

/// A message that the kernel refused.
#[derive(Debug)]
pub struct Refused {
    /// Its number in the batch.
    pub message: u32,
    /// The kernel's reason.
    pub errno: i32,
    /// What the kernel says besides; may be empty.
    pub detail: String,
}

impl Socket {
    /// Opens one.
    pub fn open(protocol: libc::c_int) -> io::Result<Socket> {
        Ok(Socket { file: sys::netlink(protocol)?, buffer: vec![0; BUFFER] })
    }

    /// One that a test answers, and the kernel's end of it.
    #[cfg(test)]
    pub fn pair() -> (Socket, std::os::unix::net::UnixDatagram) {
        let (ours, kernel) = std::os::unix::net::UnixDatagram::pair().unwrap();
        (Socket { file: File::from(std::os::fd::OwnedFd::from(ours)), buffer: vec![0; BUFFER] }, kernel)
    }

    /// Sends a batch that has a message acknowledged, and gives what was refused. The answer ends with that message, or
    /// where `first_is_all`, with a refusal of the first one, which stands for all.
    pub fn run(&mut self, batch: &Batch, acknowledged: u32, first_is_all: bool) -> io::Result<Vec<Refused>> {
        self.send(batch)?;
        let mut refused = Vec::new();
        loop {
            let mut done = false;
            let length = self.receive()?;
            for message in messages(&self.buffer[..length]).filter(|m| m.kind == ERROR && m.sequence <= batch.last) {
                let errno = errno(&message);
                done |= message.sequence == acknowledged || first_is_all && message.sequence == 1;
                if errno != 0 {
                    refused.push(Refused { message: message.sequence, errno, detail: detail(&message) });
                }
            }
            if done {
                return Ok(refused);
            }
        }
    }

    /// Asks for one row and reads it.
    pub fn get<T>(&mut self, kind: u16, header: &[u8], read: impl Fn(&Message) -> Option<T>) -> io::Result<Option<T>> {
        let mut batch = Batch::default();
        batch.add(kind, 0, header, |_| {});
        batch.acknowledge();
        self.send(&batch)?;
        Ok(self.rows(&read)?.0.pop())
    }

    /// Asks for a table and reads the rows in each message. A table that changed meanwhile is read again.
    pub fn dump<T, R: IntoIterator<Item = T>>(
        &mut self,
        kind: u16,
        header: &[u8],
        write: impl Fn(&mut super::Writer),
        read: impl Fn(&Message) -> R,
    ) -> io::Result<Vec<T>> {
        for _ in 0..INTERRUPTED_TRIES {
            let mut batch = Batch::default();
            batch.add(kind, DUMP, header, &write);
            self.send(&batch)?;
            let (rows, interrupted) = self.rows(&read)?;
            if !interrupted {
                return Ok(rows);
            }
        }
        Err(io::Error::from_raw_os_error(libc::EINTR))
    }

    fn rows<T, R: IntoIterator<Item = T>>(&mut self, read: &impl Fn(&Message) -> R) -> io::Result<(Vec<T>, bool)> {
        let mut rows = Vec::new();
        let mut interrupted = false;
        loop {
            let length = self.receive()?;
            for message in messages(&self.buffer[..length]) {
                interrupted |= message.flags & libc::NLM_F_DUMP_INTR as u16 != 0;
                match message.kind {
                    ERROR | DONE if errno(&message) != 0 => return Err(io::Error::from_raw_os_error(errno(&message))),
                    ERROR | DONE => return Ok((rows, interrupted)),
                    _ => rows.extend(read(&message)),
                }
                if rows.len() > MOST_ROWS {
                    return Err(io::Error::other(format!("the table has more than {MOST_ROWS} rows of this kind")));
                }
            }
        }
    }

    fn send(&mut self, batch: &Batch) -> io::Result<()> {
        // A message is sent whole or not at all.
        self.file.write(&batch.bytes).map(drop)
    }

    fn receive(&mut self) -> io::Result<usize> {
        loop {
            match self.file.read(&mut self.buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

fn errno(message: &Message) -> i32 {
    u32_at(message.body, 0).map_or(0, |code| (code as i32).wrapping_neg())
}

/// It follows the number and the header of the message that was refused.
fn detail(message: &Message) -> String {
    if message.flags & WITH_TEXT == 0 {
        return String::new();
    }
    text(Attributes::after(20, message.body).get(TEXT).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixDatagram;

    const ROW: u16 = 77;

    fn say(kernel: &UnixDatagram, rows: &[u8], flags: u16) {
        let mut batch = Batch::default();
        for row in rows {
            batch.add(ROW, flags, &[*row; 4], |_| {});
        }
        batch.add(DONE, flags, &[0; 4], |_| {});
        kernel.send(&batch.bytes).unwrap();
    }

    fn dump(socket: &mut Socket) -> io::Result<Vec<u8>> {
        socket.dump(ROW, &[], |_| {}, |message| message.body.first().copied())
    }

    #[test]
    fn a_table_that_changed_while_it_was_read_is_read_again() {
        let (mut socket, kernel) = Socket::pair();
        say(&kernel, &[1], libc::NLM_F_DUMP_INTR as u16);
        say(&kernel, &[1, 2], 0);
        assert_eq!(dump(&mut socket).unwrap(), [1, 2]);
    }

    #[test]
    fn a_table_that_never_rests_is_a_failure() {
        let (mut socket, kernel) = Socket::pair();
        (0..INTERRUPTED_TRIES).for_each(|_| say(&kernel, &[1], libc::NLM_F_DUMP_INTR as u16));
        assert_eq!(dump(&mut socket).unwrap_err().raw_os_error(), Some(libc::EINTR));
    }
}

//! Netlink by hand: enough of it for rtnetlink(7) and nfnetlink. `read` takes apart what the kernel sends, and believes
//! no length in it; `write` puts together what it is sent; `socket` does both ways.

pub mod read;
pub mod socket;
pub mod write;

pub use read::{Attributes, Message};
pub use socket::{Refused, Socket};
pub use write::{Batch, Writer};

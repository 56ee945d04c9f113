//! `agent state`: what the kernel holds, as JSON, for people and tools. It takes no lock and changes nothing.

use crate::kernel::links::Counters;
use crate::kernel::{filters, links, routes};
use crate::netlink::Socket;
use crate::request::Filter;
use crate::response::{Filters, Listed, Route, State};
use crate::work;
use serde::Serialize;
use std::io::{self, Write};
use std::net::IpAddr;
use std::process::ExitCode;

#[derive(Serialize)]
struct Seen {
    agent: &'static str,
    #[serde(flatten)]
    state: State,
    /// Routes of the main table without our mark.
    foreign: Vec<Route>,
    /// How many more of them there are.
    #[serde(skip_serializing_if = "is_zero")]
    foreign_left_out: usize,
    entries: Vec<Listed>,
    counters: Vec<Counters>,
}

/// Prints it; of one device alone if it is named, and fails if that is not there.
pub fn run(link: Option<&str>) -> ExitCode {
    let seen = see().and_then(|mut seen| {
        if let Some(link) = link {
            seen.only(link)?;
        }
        Ok(serde_json::to_string_pretty(&seen)?)
    });
    match seen {
        Ok(text) => {
            // A reader that has seen enough is no failure.
            let _ = writeln!(io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("agent state: {e}");
            ExitCode::FAILURE
        }
    }
}

/// `agent joined`: whether a VXLAN interface is there, carries a mark of ownership and is up; prints their names.
pub fn joined() -> ExitCode {
    let devices = Socket::open(libc::NETLINK_ROUTE).and_then(|mut socket| links::list(&mut socket));
    let joined = devices.map(|all| {
        let ours = all.into_iter().filter(|device| device.vxlan.is_some() && device.up && device.alias.contains('/'));
        ours.map(|device| device.name).collect::<Vec<_>>()
    });
    match joined {
        Ok(names) if !names.is_empty() => {
            println!("{}", names.join(" "));
            ExitCode::SUCCESS
        }
        Ok(_) => {
            eprintln!("agent joined: there is no VXLAN interface of the controller's that is up");
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("agent joined: {e}");
            ExitCode::FAILURE
        }
    }
}

impl Seen {
    fn only(&mut self, link: &str) -> io::Result<()> {
        self.state.devices.retain(|device| device.name == link);
        if self.state.devices.is_empty() {
            return Err(io::Error::other(format!("there is no device {link}")));
        }
        self.state.routes.retain(|route| route.dev == link);
        self.foreign.retain(|route| route.dev == link);
        self.entries.retain(|entries| entries.link == link);
        self.counters.retain(|counters| counters.link == link);
        Ok(())
    }
}

fn see() -> io::Result<Seen> {
    let mut socket = Socket::open(libc::NETLINK_ROUTE)?;
    let devices = links::list(&mut socket)?;
    let names: Vec<_> = devices.iter().map(|device| (device.index, device.name.clone())).collect();
    let routes = routes::ours(&mut socket, &names)?;
    let (foreign, foreign_left_out) = routes::foreign(&mut socket, None, &names)?;
    let counters = links::counters(&mut socket)?;
    let mut netfilter = Socket::open(libc::NETLINK_NETFILTER);
    let filters = netfilter.as_mut().ok().and_then(|socket| filters::list(socket).ok());
    let dropped = netfilter.as_mut().ok().and_then(|socket| filters::dropped(socket).ok());
    let mut entries = Vec::new();
    for device in &devices {
        if let Some(vxlan) = &device.vxlan {
            let ipv6 = vxlan.local.as_ref().is_some_and(IpAddr::is_ipv6);
            let filter = Filter { vni: vxlan.vni, port: vxlan.port, ipv6 };
            let filtered = has(filters.as_ref(), &filter);
            entries.extend(work::list(&mut socket, &device.name, filtered.then_some(&filter))?);
        }
    }
    Ok(Seen {
        agent: crate::VERSION,
        state: State {
            devices,
            routes,
            filters,
            dropped: dropped.unwrap_or_default(),
            without_ipv6: links::without_ipv6(),
            qdiscs: true,
        },
        foreign,
        foreign_left_out,
        entries,
        counters,
    })
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn has(filters: Option<&Filters>, filter: &Filter) -> bool {
    let name = filter.to_string();
    filters.is_some_and(|filters| filters.chains.iter().any(|(chain, _)| *chain == name))
}

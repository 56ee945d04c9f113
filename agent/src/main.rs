//! The commands of the agent.

use std::process::ExitCode;

const USAGE: &str = "usage: agent                stay until SIGTERM, as the first process of the container
       agent ready          wait until the pod's networks are complete
       agent session        take requests on stdin and answer on stdout, for the controller
       agent state [LINK]   print what the kernel holds, of one device or of all, as JSON
       agent joined         fail unless a VXLAN interface of the controller's is up
       agent complete       let the pod start without its networks, as `agent ready` waits for them
       agent echo           answer a probe, for vxlan ping: ADDRESS TOKEN
       agent probe          send packets to an echo, for vxlan ping: FROM TO PORT TOKEN COUNT INTERVAL BYTES
       agent capture        print an interface's frames as pcapng, for vxlan capture: INTERFACE NAME
       agent capturing      stay until no capture runs any more, as the first process of a container for vxlan capture
       agent --version";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // The name of the startup probe's program in agents before this one, which manifests and older webhooks give.
        [program] if program.ends_with("/networks-ready") => agent::ready::run(),
        [_] => agent::stay::run(),
        [_, "ready"] => agent::ready::run(),
        [_, "session"] => agent::session::run(),
        [_, "state"] => agent::state::run(None),
        [_, "state", link] => agent::state::run(Some(link)),
        [_, "joined"] => agent::state::joined(),
        [_, "complete"] => agent::fence::complete(),
        [_, "echo", address, token] => agent::probe::echo(address, token),
        [_, "probe", words @ ..] => agent::probe::probe(words),
        [_, "capture", interface, name] => agent::capture::run(interface, name),
        [_, "capturing"] => agent::capturing::run(),
        [_, "--version"] => {
            println!("{}", agent::VERSION);
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(64)
        }
    }
}

//! `agent capture` on a real kernel, in a network namespace of each test's own. Needs root:
//! `cargo test --features kernel`.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const AGENT: &str = env!("CARGO_BIN_EXE_agent");
const PAIR: &str = "ip link add tap0 type veth peer name peer0 && ip link set tap0 up && ip link set peer0 up";
/// More than the pipe and the time for the rest together take.
const SOON: Duration = Duration::from_secs(40);
const MARK: &[u8] = b"a frame of the test";

/// Sends frames with those bytes behind the addresses into the pair, for some seconds, or until its stdin ends.
fn sending(head: &str) -> String {
    format!(
        "import select, socket, sys
peer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
peer.bind(('peer0', 0))
for each in range(50):
    peer.send(bytes.fromhex('020000000001020000000002{head}') + b'a frame of the test' + bytes(60))
    if select.select([sys.stdin], [], [], 0.1)[0]:
        break"
    )
}

/// A namespace with a pair of interfaces; `tap0` is captured.
struct Pod {
    first: Child,
    agent: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

impl Pod {
    fn new() -> Pod {
        Pod::with(AGENT)
    }

    fn with(program: &str) -> Pod {
        let mut first = Command::new("unshare")
            .args(["--net", "sh", "-c", &format!("{PAIR} && echo ready; exec sleep 600")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare");
        let mut line = String::new();
        BufReader::new(first.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "the namespace needs root");
        let mut agent = inside(&first)
            .args([program, "capture", "tap0", "lab/one tap0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = agent.stdin.take().unwrap();
        let mut output = agent.stdout.take().unwrap();
        input.write_all(b"\n").unwrap();
        for _ in 0..2 {
            block(&mut output).expect("the section and the interface");
        }
        Pod { first, agent, input: Some(input), output }
    }

    fn run(&self, script: &str) {
        assert!(inside(&self.first).args(["sh", "-c", script]).status().unwrap().success(), "{script}");
    }

    /// The first captured frame that holds the mark; none if none comes until the sender is done.
    fn marked(mut self, sender: &str) -> Option<Vec<u8>> {
        let mut sender = inside(&self.first).args(["python3", "-c", sender]).stdin(Stdio::piped()).spawn().unwrap();
        let (input, stop) = (self.input.take(), sender.stdin.take());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                sender.wait().unwrap();
                drop(input);
            });
            let found = std::iter::from_fn(|| block(&mut self.output))
                .map(|block| block[28..].to_vec())
                .find(|frame| frame.windows(MARK.len()).any(|bytes| bytes == MARK));
            drop(stop);
            found
        })
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        for process in [&mut self.agent, &mut self.first] {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn inside(first: &Child) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--target={}", first.id())).arg("--net");
    command
}

/// The next block of a pcapng; none at its end.
fn block(output: &mut ChildStdout) -> Option<Vec<u8>> {
    let mut head = [0; 8];
    output.read_exact(&mut head).ok()?;
    let mut block = vec![0; u32::from_le_bytes(head[4..].try_into().unwrap()) as usize];
    block[..8].copy_from_slice(&head);
    output.read_exact(&mut block[8..]).ok()?;
    Some(block)
}

#[test]
fn a_frame_has_its_vlan_tag() {
    let frame = Pod::new().marked(&sending("810000050800")).expect("a frame");

    assert_eq!(frame[12..18], [0x81, 0, 0, 5, 8, 0], "the tag, and IPv4 behind it");
}

#[test]
fn an_interface_that_is_made_anew_is_followed() {
    let pod = Pod::new();
    pod.run(&format!("ip link del tap0 && {PAIR}"));

    assert!(pod.marked(&sending("0800")).is_some());
}

#[test]
fn its_container_ends_after_it_although_nobody_reads_what_it_prints() {
    let program = std::env::temp_dir().join(format!("capturing-agent-{}", std::process::id()));
    std::fs::copy(AGENT, &program).unwrap();
    let mut pod = Pod::with(program.to_str().unwrap());
    let mut container = Command::new(&program).arg("capturing").stdout(Stdio::piped()).spawn().unwrap();
    pod.run(
        "python3 -c \"import socket
peer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
peer.bind(('peer0', 0))
for each in range(500): peer.send(bytes(12) + b'\\x08\\x00' + bytes(1000))\"",
    );
    assert!(container.try_wait().unwrap().is_none());

    pod.input = None;
    assert_eq!(ended(&mut pod.agent), Some(1));
    assert_eq!(ended(&mut container), Some(0));
    let mut logged = Vec::new();
    container.stdout.unwrap().read_to_end(&mut logged).unwrap();
    assert_eq!(logged, []);
    std::fs::remove_file(program).unwrap();
}

/// The exit status of a process that ends soon.
fn ended(process: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < SOON {
        if let Some(status) = process.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = process.kill();
    None
}

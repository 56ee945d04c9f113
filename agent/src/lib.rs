//! The agent in a member pod. The controller starts `agent session` by exec and sends it requests, a JSON object a line
//! (`docs/protocol.md`); the agent changes the kernel by netlink and answers. It keeps nothing between two requests.

pub mod capture;
pub mod capturing;
pub mod digest;
pub mod fence;
pub mod kernel;
pub mod measure;
pub mod netlink;
pub mod probe;
pub mod ready;
pub mod request;
pub mod response;
pub mod session;
pub mod state;
pub mod stay;
mod sys;
pub mod values;
pub mod work;

/// This agent's version, which the controller writes into the pod's status.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! The network of a laboratory. The virtual readers listen on all addresses without a question, so they get a network of their own.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    /// Made by root.
    Root,
    /// Made by a user, within a user namespace.
    User,
    /// That of the machine: its ports are open to others while a test runs.
    Shared,
}

impl Network {
    /// The best that this machine allows; the shared one only where it is asked for.
    pub(super) fn of_this_machine() -> Self {
        static NETWORK: OnceLock<Network> = OnceLock::new();
        *NETWORK.get_or_init(|| {
            let private = [Self::Root, Self::User].into_iter().find(|network| network.works());
            let shared = std::env::var_os("IDCARD_LAB").is_some_and(|value| value == "shared");
            private.or(shared.then_some(Self::Shared)).expect(
                "this machine allows neither `unshare -n` nor `unshare -r -n`, so the virtual readers get no private network; \
                 on a machine whose ports nobody else reaches set IDCARD_LAB=shared, or leave these tests out: -- --skip pcsc",
            )
        })
    }

    fn works(self) -> bool {
        let mut probe = self.enter_new("sh");
        probe.args(["-c", "PATH=$PATH:/usr/sbin:/sbin; ip link set lo up"]);
        probe
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    pub(super) fn is_own(self) -> bool {
        self != Self::Shared
    }

    /// `program` in a new network; it keeps the process that is started.
    pub(super) fn enter_new(self, program: &str) -> Command {
        let options: &[&str] = match self {
            Self::Root => &["unshare", "--net", "--"],
            Self::User => &["unshare", "--map-root-user", "--net", "--"],
            Self::Shared => &[],
        };
        command(options, program.as_ref())
    }

    /// `program` in the network of the process `id`; it keeps the process that is started.
    pub(super) fn enter(self, id: u32, program: &OsStr) -> Command {
        let id = id.to_string();
        let options: &[&str] = match self {
            Self::Root => &["nsenter", "--target", &id, "--net", "--"],
            Self::User => &["nsenter", "--target", &id, "--user", "--preserve-credentials", "--net", "--"],
            Self::Shared => &[],
        };
        command(options, program)
    }

    /// A port that is free, and the next three with it.
    pub(super) fn free_ports(self) -> u16 {
        if self.is_own() {
            return 35963; // the readers' customary one
        }
        // No two laboratories are offered the same ones, and no connection is given one of these ports by itself.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let free = |port: u16| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok();
        let first = (0..1000).find_map(|_| {
            let step = std::process::id().wrapping_mul(64).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
            let first = 20_000 + u16::try_from(step % 3_000).ok()? * 4;
            (first..first + 4).all(free).then_some(first)
        });
        first.expect("four neighbouring free ports")
    }
}

fn command(options: &[&str], program: &OsStr) -> Command {
    let mut words = options.iter().map(OsStr::new).chain([program]);
    let mut command = Command::new(words.next().unwrap_or(program));
    command.args(words);
    command
}

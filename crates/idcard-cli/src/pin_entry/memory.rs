//! Keeps the memory of this process off the disk and from other processes while it holds a PIN or a key.

/// No core dumps, no other process that looks in; both are best effort and stay so until the end.
#[cfg(unix)]
pub(crate) fn keep_off_disk() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(not(unix))]
pub(crate) fn keep_off_disk() {}

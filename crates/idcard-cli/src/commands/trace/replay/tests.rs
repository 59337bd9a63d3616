//! Whatever an import makes of a log, whole or damaged, replays to its end.

use super::walk::walk;
use idcard_core::transport::replay::Replay;
use idcard_core::transport::trace::import::{LogFormat, import};
use idcard_core::transport::trace::{Step, Trace};
use proptest::prelude::*;
use std::path::Path;

fn replays(log: &[u8], format: LogFormat) {
    let mut traces: Vec<Vec<Step>> = Vec::new();
    let outlet = &mut |trace: usize, step: &Step| {
        traces.resize(traces.len().max(trace + 1), Vec::new());
        traces[trace].push(step.clone());
        Ok(())
    };
    import(log, format, outlet).unwrap();
    for steps in traces {
        let trace: Trace = steps.into_iter().collect();
        let mut replay = Replay::new(trace.clone());
        let ending = replay.ending();
        let walked = walk(&trace, &mut replay).and_then(|()| ending.reached());
        assert!(walked.is_ok(), "{walked:?}: {:?}", trace.entries());
    }
}

const LOGS: [(&str, LogFormat); 7] = [
    ("pcscd-debug.log", LogFormat::Pcscd),
    ("pcscd-removed.log", LogFormat::Pcscd),
    ("toy-pcscd-debug.log", LogFormat::Pcscd),
    ("opensc-removed.log", LogFormat::OpenSc),
    ("pcscspy.txt", LogFormat::PcscSpy),
    ("scriptor.txt", LogFormat::Scriptor),
    ("opensc-tool.txt", LogFormat::OpenScTool),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_logs_replay(
        which in 0..LOGS.len(),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        twice in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        changed in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let (name, format) = LOGS[which];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/logs");
        let mut log = std::fs::read(folder.join(name)).unwrap();
        for (at, byte) in changed {
            let at = at.index(log.len());
            log[at] = byte;
        }
        let mut lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        for at in gone {
            lines.remove(at.index(lines.len()));
        }
        for at in twice {
            let at = at.index(lines.len());
            lines.insert(at, lines[at]);
        }
        replays(&lines.join(&b'\n'), format);
    }

    #[test]
    fn clients_that_come_and_go_in_any_order_replay(
        events in prop::collection::vec((0..3_u32, 0..12_usize), 0..60),
    ) {
        let log: String = events
            .iter()
            .map(|(client, what)| {
                let words = match what {
                    0 => format!("a.c:1:f() Card inserted into R{client}"),
                    1 => format!("a.c:1:f() Card Removed From R{client}"),
                    2 => format!("a.c:1:f() Received command: CONNECT from client {client}"),
                    3 => format!("a.c:1:f() Attempting Connect to R{client} using protocol: 3"),
                    4 => format!("a.c:1:f() BEGIN_TRANSACTION for client {client}, rv=SCARD_S_SUCCESS"),
                    5 => format!("a.c:1:f() END_TRANSACTION for client {client}, rv=SCARD_S_SUCCESS"),
                    6 => "a.c:1:f() dwDisposition: 1".to_owned(),
                    7 => format!("a.c:1:f() DISCONNECT for client {client}, rv=SCARD_S_SUCCESS"),
                    8 => format!("a.c:1:f() Client die: {client}"),
                    9 => format!("a.c:1:f() RECONNECT for client {client}, rv=SCARD_S_SUCCESS"),
                    10 => format!("a.c:1:f() Received command: DISCONNECT from client {client}"),
                    _ => {
                        let codes = ["S_SUCCESS", "W_RESET_CARD", "W_REMOVED_CARD", "E_TIMEOUT"];
                        format!(
                            "a.c:1:f() Received command: TRANSMIT from client {client}\n00000001 APDU: 00 84 00 00\n\
                             00000001 SW: 90 00\n00000001 a.c:1:f() TRANSMIT for client {client}, rv=SCARD_{}",
                            codes[events.len() % codes.len()]
                        )
                    }
                };
                format!("00000001 {words}\n")
            })
            .collect();
        replays(log.as_bytes(), LogFormat::Pcscd);
    }
}

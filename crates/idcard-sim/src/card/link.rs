//! What the transmission protocol makes of an answer: 61xx, 6Cxx and GET RESPONSE (ISO/IEC 7816-3, 12.2).

use idcard_core::transport::Protocol;

use super::Card;
use super::command::Command;
use super::sw::{Answer, Sw};

impl Card {
    /// One command as it arrives, one answer as it leaves, status word included.
    pub fn transmit(&mut self, raw: &[u8]) -> Vec<u8> {
        let pending = self.state.pending.take();
        let interface = self.interface().clone();
        let answer = match Command::parse(raw, &interface) {
            Ok(command) if command.ins == 0xC0 && matches!(command.cla, 0x00 | 0x0C) => {
                self.get_response(pending, &command)
            }
            Ok(command) => {
                self.state.unfetched = pending.is_some();
                let answer = self.execute(&command);
                self.deliver(&command, answer)
            }
            // What cannot be taken apart is not protected either.
            Err(_) if self.state.channel.is_some() => self.close_channel(),
            Err(sw) => sw.into(),
        };
        answer.into_bytes()
    }

    fn deliver(&mut self, command: &Command<'_>, answer: Answer) -> Answer {
        if answer.data.is_empty() {
            return answer;
        }
        let available = answer.data.len();
        match self.interface().protocol {
            // More than one answer of the short form holds, on T=1 too.
            Protocol::T1 if command.cla & 0x0C != 0 && available > 256 => {
                self.state.pending = Some(answer);
                Sw::waiting(available).into()
            }
            Protocol::T1 if command.le.is_some_and(|wanted| available > wanted) => Sw::exactly(available).into(),
            Protocol::T1 => answer,
            Protocol::T0 if command.data.is_empty() && command.ins != 0xA4 => {
                if available == command.le.unwrap_or(256) { answer } else { Sw::exactly(available).into() }
            }
            Protocol::T0 => {
                self.state.pending = Some(answer);
                Sw::waiting(available).into()
            }
        }
    }

    fn get_response(&mut self, pending: Option<Answer>, command: &Command<'_>) -> Answer {
        let Some(mut pending) = pending else {
            // With nothing to fetch it is an unprotected command as any other.
            return if self.state.channel.is_some() { self.close_channel() } else { Sw::CONDITIONS.into() };
        };
        if command.p1p2() != 0 {
            return Sw::BAD_P1P2.into();
        }
        let wanted = command.le.unwrap_or(256);
        let available = pending.data.len();
        if wanted > available {
            self.state.pending = Some(pending);
            return Sw::exactly(available).into();
        }
        let rest = pending.data.split_off(wanted);
        if rest.is_empty() {
            return pending;
        }
        let sw = Sw::waiting(rest.len());
        self.state.pending = Some(Answer { data: rest, sw: pending.sw });
        Answer { data: pending.data, sw }
    }
}

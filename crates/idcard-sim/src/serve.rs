//! Plays a virtual card to vpcd, the driver behind which PC/SC programs see it as a card in a reader.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};

use idcard_core::transport::LinkError;
use thiserror::Error;

use crate::reader::{Handle, SimTransport};

/// Messages of one byte are for the reader, longer ones for the card.
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// The card cannot be played any longer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// vpcd cannot be reached.
    #[error("no vpcd at {address}: {source}")]
    Connect {
        /// Host and port.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The connection broke.
    #[error("the connection to vpcd broke: {0}")]
    Connection(#[from] io::Error),
    /// A fault ended the conversation.
    #[error("the card stopped answering: {0}")]
    Link(#[from] LinkError),
}

/// What the card was asked until the peer closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// Commands answered.
    pub commands: usize,
    /// Times the card was powered, or reset.
    pub resets: usize,
}

/// Puts the card into the reader that vpcd shows at `host` and `port`, until vpcd closes. Served once more, the same
/// reader plays the same card: its counters and files are as they were left.
///
/// # Errors
/// [`ServeError`] when vpcd cannot be reached, the connection breaks, or a fault of the card breaks the link.
pub fn serve(reader: &SimTransport, host: &str, port: u16) -> Result<Served, ServeError> {
    play(reader, connect(host, port)?)
}

/// Takes up the connection that vpcd waits for at `host` and `port`; [`play`] puts a card behind it.
///
/// # Errors
/// [`ServeError::Connect`].
pub fn connect(host: &str, port: u16) -> Result<TcpStream, ServeError> {
    let failed = |source| ServeError::Connect { address: format!("{host}:{port}"), source };
    let addresses = (host, port).to_socket_addrs().map_err(failed)?;
    let mut last = io::Error::from(ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

/// Answers what comes over an open connection until the peer closes it.
///
/// # Errors
/// [`ServeError`] when the connection breaks or a fault of the card breaks the link; the connection is closed then,
/// which the reader shows as a card taken out.
pub fn play(reader: &SimTransport, mut stream: TcpStream) -> Result<Served, ServeError> {
    stream.set_nodelay(true)?;
    let handle = reader.handle();
    let mut served = Served::default();
    let mut message = Vec::new();
    let outcome = converse(&handle, &mut stream, &mut served, &mut message);
    handle.with_card(|card| card.reset()); // without a reader there is no power
    outcome.map(|()| served)
}

fn converse(
    handle: &Handle,
    stream: &mut TcpStream,
    served: &mut Served,
    message: &mut Vec<u8>,
) -> Result<(), ServeError> {
    while receive(stream, message)? {
        match message.as_slice() {
            [] => {}
            [GET_ATR] => send(stream, &handle.with_card(|card| card.atr().to_vec()).unwrap_or_default())?,
            [control] => {
                if matches!(*control, POWER_OFF | POWER_ON | RESET) {
                    handle.with_card(|card| card.reset());
                    served.resets = served.resets.saturating_add(usize::from(*control != POWER_OFF));
                }
            }
            command => {
                let answer = exchange(handle, command)?;
                send(stream, &answer)?;
                served.commands = served.commands.saturating_add(1);
            }
        }
    }
    Ok(())
}

/// One command. An answer that the framing cannot carry becomes "wrong length".
fn exchange(handle: &Handle, command: &[u8]) -> Result<Vec<u8>, LinkError> {
    let answer = handle.exchange(command)?;
    Ok(if u16::try_from(answer.len()).is_ok() { answer } else { vec![0x67, 0x00] })
}

fn send(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
    // Length and message in one piece: two would wait for one another.
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend(message);
    stream.write_all(&framed)
}

/// Receives one message; false when the peer has closed.
fn receive(stream: &mut TcpStream, message: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = [0; 2];
    if !fill(stream, &mut length)? {
        return Ok(false);
    }
    message.clear();
    message.resize(usize::from(u16::from_be_bytes(length)), 0);
    fill(stream, message)
}

/// Fills the buffer; false when the peer has closed before its first byte.
fn fill(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<bool> {
    let mut rest = buffer;
    let wanted = rest.len();
    while !rest.is_empty() {
        acknowledge_at_once(stream)?;
        let read = match stream.read(rest) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) => 0,
            Err(error) => return Err(error),
        };
        if read == 0 {
            return if rest.len() == wanted { Ok(false) } else { Err(ErrorKind::UnexpectedEof.into()) };
        }
        rest = rest.get_mut(read..).unwrap_or_default();
    }
    Ok(true)
}

/// vpcd sends length and message apart; a delayed acknowledgement would cost 40 ms each time.
#[cfg(target_os = "linux")]
fn acknowledge_at_once(stream: &TcpStream) -> io::Result<()> {
    use std::os::linux::net::TcpStreamExt as _;
    stream.set_quickack(true)
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_at_once(_stream: &TcpStream) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;

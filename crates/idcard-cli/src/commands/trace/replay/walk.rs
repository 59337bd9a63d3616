//! Asks a replay for what its own trace holds, in its order.

use idcard_core::transport::trace::{Entry, Step, Trace};
use idcard_core::transport::{Leaving, LinkError, Transport};

/// The items that are still to come.
struct Items<'t>(&'t [Entry]);

impl Items<'_> {
    fn peek(&self, ahead: usize) -> Option<&Step> {
        self.0.get(ahead).map(|entry| &entry.step)
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn skip_if(&mut self, is: impl Fn(&Step) -> bool) -> bool {
        let found = self.peek(0).is_some_and(is);
        self.skip(usize::from(found));
        found
    }

    /// What failed, where the step before was to begin or to end a transaction.
    fn skip_failure(&mut self) -> bool {
        self.skip_if(|step| matches!(step, Step::Error { .. }))
    }
}

/// Goes through the trace; failures of the link that are recorded in it are part of it.
///
/// # Errors
/// [`LinkError::Trace`]: the first item that does not stand where a program could ask for it.
pub(super) fn walk(trace: &Trace, replay: &mut dyn Transport) -> Result<(), LinkError> {
    let framed = trace.entries().iter().any(|entry| entry.step == Step::Begin);
    let mut items = Items(trace.entries());
    let mut answer = Vec::new();
    loop {
        while items.skip_if(|step| matches!(step, Step::Atr(_) | Step::Protocol(_))) {}
        // The card may have left when all was done.
        if items.0.is_empty() || (items.0.len() == 1 && items.peek(0) == Some(&Step::Removed)) {
            return Ok(());
        }
        let removed = items.skip_if(|step| *step == Step::Removed);
        if !removed {
            items.skip_if(|step| *step == Step::Reset);
            items.skip_if(|step| framed && *step == Step::Begin);
        }
        let failed = !removed && items.skip_failure();
        let Some(mut transaction) = recorded(replay.begin())? else {
            if removed || failed {
                continue;
            }
            return Ok(());
        };
        loop {
            match items.peek(0) {
                Some(Step::Command(command)) => {
                    let raw = command.filled().to_vec();
                    items.skip(2);
                    recorded(transaction.transmit(&raw, &mut answer))?;
                }
                Some(Step::Begin) => {
                    items.skip(1);
                    items.skip_failure();
                    recorded(transaction.recover())?;
                }
                Some(Step::Reset) if items.peek(1) == Some(&Step::End) => {
                    items.skip(2);
                    items.skip_failure();
                    recorded(transaction.end(Leaving::Reset))?;
                    break;
                }
                // Before the next command reached the card.
                Some(Step::Reset | Step::Removed) => {
                    items.skip(1);
                    recorded(transaction.transmit(&[0; 4], &mut answer))?;
                }
                _ => {
                    items.skip_if(|step| *step == Step::End);
                    let reset = items.skip_if(|step| *step == Step::Reset);
                    items.skip_failure();
                    recorded(transaction.end(if reset { Leaving::Reset } else { Leaving::Keep }))?;
                    break;
                }
            }
        }
    }
}

/// A failure that stands in the trace was asked for; only a difference is none.
fn recorded<T>(result: Result<T, LinkError>) -> Result<Option<T>, LinkError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error @ (LinkError::Trace { .. } | LinkError::File { .. })) => Err(error),
        Err(_) => Ok(None),
    }
}

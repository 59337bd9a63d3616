//! How much work the search for paths may be: bounds for one certificate, and for all the certificates of a document.

/// Certificates in a path, the one in question included, the anchor not.
pub(super) const DEPTH: usize = 8;
/// Signatures verified in one search.
const SIGNATURES: usize = 64;
/// Certificates looked at in one search; twins at several levels multiply.
const STEPS: usize = 512;
/// Finished paths put to the rules in one search.
const PATHS: usize = 16;
/// How many times the work of one search all the searches of a document may be.
const SEARCHES: usize = 4;

/// What is left of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    signatures: usize,
    steps: usize,
    paths: usize,
}

impl Effort {
    /// For one certificate.
    pub(crate) const fn of_one() -> Self {
        Self { signatures: SIGNATURES, steps: STEPS, paths: PATHS }
    }

    /// For the signers of one document, which may be as hostile as their number: a plain path of each of them is
    /// within it many times over.
    pub(crate) const fn of_document() -> Self {
        let one = Self::of_one();
        Self { signatures: SEARCHES * one.signatures, steps: SEARCHES * one.steps, paths: SEARCHES * one.paths }
    }

    /// One search out of what is left: no more than one may be.
    pub(super) fn share(self) -> Self {
        let one = Self::of_one();
        Self {
            signatures: self.signatures.min(one.signatures),
            steps: self.steps.min(one.steps),
            paths: self.paths.min(one.paths),
        }
    }

    /// Takes away what a search spent of its share.
    pub(super) fn spend(&mut self, share: Self, left: Self) {
        self.signatures = self.signatures.saturating_sub(share.signatures.saturating_sub(left.signatures));
        self.steps = self.steps.saturating_sub(share.steps.saturating_sub(left.steps));
        self.paths = self.paths.saturating_sub(share.paths.saturating_sub(left.paths));
    }

    /// Whether another signature may be verified.
    pub(super) fn signature(&mut self) -> bool {
        take(&mut self.signatures)
    }

    /// Whether another certificate may be looked at.
    pub(super) fn step(&mut self) -> bool {
        take(&mut self.steps)
    }

    /// Whether another path may be put to the rules.
    pub(super) fn path(&mut self) -> bool {
        take(&mut self.paths)
    }
}

fn take(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

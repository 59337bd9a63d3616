//! Applets and data objects: which of them answer.

use super::plan::{Data, Stop};
use super::{Fault, Finding, Reason, Subject, Surveyor, Verdict, content};
use crate::apdu::{Status, question};
use crate::error::Error;
use crate::family::{Applet, Item};
use crate::place;

impl Surveyor<'_> {
    /// Selects the applet; false where it does not answer.
    pub(super) fn applet(&mut self, stop: &Stop) -> Result<bool, Error> {
        let applet = &stop.applet;
        let described =
            self.try_step(|session| place::describe_applet(&mut session.channel, &mut session.selection, applet))?;
        let described = match described {
            // Another way to select than the one that asks for control information may be all that the card knows.
            Err(Fault::Status(status)) if status != Status::NOT_FOUND => {
                let silent = Applet { silent: true, ..applet.clone() };
                let select = |session: &mut crate::Session<'_>| {
                    place::describe_applet(&mut session.channel, &mut session.selection, &silent)
                };
                match self.try_step(select)? {
                    Err(_) => Err(Fault::Status(status)),
                    answered => answered,
                }
            }
            other => other,
        };
        let mut finding = Finding::new(Subject::Applet, Verdict::New, &applet.name, applet.aid.to_string());
        finding.evidence = stop.on_page.then_some(applet.evidence);
        finding.fills = (!stop.on_page).then(|| "11.5".to_owned());
        let answers = described.is_ok();
        let mut finding = match described {
            Ok(information) => {
                let verdict = if stop.on_page { Verdict::Matched } else { Verdict::New };
                let finding = Finding { verdict, ..finding.with_status(Status::OK) };
                if information.is_empty() { finding } else { finding.read(&information) }
            }
            Err(fault) => fault.judge(finding, stop.on_page),
        };
        if !stop.on_page {
            finding.values.push(("source", applet.source.clone()));
        }
        self.findings.push(finding);
        Ok(answers)
    }

    /// The data objects of the page in this applet, and those that are asked for beside them.
    pub(super) fn data_objects(&mut self, stop: &Stop) -> Result<(), Error> {
        let page = std::sync::Arc::clone(&self.page);
        let on_page = page.items.iter().filter(|item| stop.on_page && item.applet == stop.applet.name);
        for item in on_page.clone().filter(|item| item.command.is_some()) {
            let fills = stop.asked.data.iter().find(|data| Some(&data.command) == item.command.as_ref());
            self.object_of_the_page(item, fills.and_then(|data| data.fills.clone()))?;
        }
        for data in &stop.asked.data {
            if !on_page.clone().any(|item| item.command.as_ref() == Some(&data.command)) {
                self.data_object(&stop.applet, data)?;
            }
        }
        Ok(())
    }

    fn object_of_the_page(&mut self, item: &Item, fills: Option<String>) -> Result<(), Error> {
        let place = item.command.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut finding = Finding::new(Subject::DataObject, Verdict::Matched, &item.applet, place);
        finding.item = Some(item.name);
        finding.evidence = Some(item.evidence);
        finding.fills = fills;
        let finding = self.content(item, finding)?;
        self.findings.push(finding);
        Ok(())
    }

    /// A data object that the page does not have.
    fn data_object(&mut self, applet: &Applet, data: &Data) -> Result<(), Error> {
        let &[class, _, high, low] = data.command.as_slice() else { return Ok(()) };
        let command = question::data_object(class, [high, low], u32::from(data.length));
        let step = place::Step { verb: "GET DATA", applet, path: None, offset: None };
        let answered = self.try_step(|session| {
            place::select_applet(&mut session.channel, &mut session.selection, applet)?;
            let reply = session.channel.expect(&command, &step)?;
            Ok((reply.data.to_vec(), reply.redacted))
        })?;
        let mut finding = Finding::new(Subject::DataObject, Verdict::New, &applet.name, data.command.to_string());
        finding.fills.clone_from(&data.fills);
        let finding = match answered {
            Ok((_, true)) => finding.because(Reason::Masked).with_status(Status::OK),
            Ok((bytes, false)) => {
                let mut finding = finding.with_status(Status::OK).read(&bytes);
                finding.values = content::of_an_object([high, low], &bytes);
                finding
            }
            Err(fault) => fault.judge(finding, false),
        };
        self.findings.push(finding);
        Ok(())
    }
}

use super::{Fault, FaultKind, Times};
use crate::subject::Subject;
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
}

/// What one request is in for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) hold_before: bool,
    pub(crate) hold_after: bool,
    pub(crate) decisive: Option<Fault>,
}

impl Plan {
    /// The name that the journal shows.
    pub(crate) fn fault_name(&self) -> Option<&'static str> {
        let waited = if self.hold_before || self.hold_after {
            Some("hold")
        } else {
            Some("delay").filter(|_| !self.delay.is_zero())
        };
        self.decisive.as_ref().map(|fault| fault.kind.name()).or(waited)
    }
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    /// Uses up what hits this request.
    pub(crate) fn take(&mut self, subject: &Subject) -> Plan {
        let mut plan = Plan::default();
        for fault in self.waiting.iter_mut().filter(|fault| hits(fault, subject)) {
            match &fault.kind {
                FaultKind::Delay { ms } => plan.delay = plan.delay.saturating_add(Duration::from_millis(*ms)),
                FaultKind::Hold if fault.after_work => plan.hold_after = true,
                FaultKind::Hold => plan.hold_before = true,
                _ => plan.decisive = Some(fault.clone()),
            }
            if let Times::Count(count) = &mut fault.times {
                *count = count.saturating_sub(1);
            }
            if plan.decisive.is_some() {
                break;
            }
        }
        self.waiting.retain(|fault| fault.times != Times::Count(0));
        plan
    }
}

fn hits(fault: &Fault, subject: &Subject) -> bool {
    let fits = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    let is_user = |wanted: &String| {
        subject.user.as_ref().is_some_and(|user| user.id == *wanted || user.email.eq_ignore_ascii_case(wanted))
    };
    fault.endpoint == subject.endpoint
        && fault.times != Times::Count(0)
        && fits(&fault.grant_type, &subject.grant_type)
        && fits(&fault.client_id, &subject.client_id)
        && fault.user.as_ref().is_none_or(is_user)
}

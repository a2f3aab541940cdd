//! At which step of a token call the process dies.

use crate::dice::Dice;
use crate::server::Line;
use crate::world::World;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};

/// What is under way when the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flow {
    Refresh,
    Exchange,
}

/// Where in it the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The intent cannot be written yet.
    BeforeTheIntent,
    /// Anywhere in the first hundredths of a second.
    AnyInstant,
    /// The provider has the request, and never works on it.
    UnderWayInVain,
    /// The provider works on the request after the death.
    UnderWay,
    /// The provider has worked, and its answer has not left.
    AfterTheWork,
    /// The answer leaves 0 to 15 ms before the death.
    AfterTheAnswer,
    /// The answer is here, and the database does not take the write.
    DuringTheWrite,
    /// The database takes the write 0 to 20 ms before the death: SQLite looks again only now and then.
    AroundTheCommit,
    /// Whoever asked has got the new token.
    AfterTheWrite,
}

pub(crate) const STEPS: [Step; 9] = [
    Step::BeforeTheIntent,
    Step::AnyInstant,
    Step::UnderWayInVain,
    Step::UnderWay,
    Step::AfterTheWork,
    Step::AfterTheAnswer,
    Step::DuringTheWrite,
    Step::AroundTheCommit,
    Step::AfterTheWrite,
];

impl Flow {
    fn grant_type(self) -> &'static str {
        match self {
            Self::Refresh => "refresh_token",
            Self::Exchange => "authorization_code",
        }
    }

    /// What a server logs once the answer to such a call is here.
    pub(crate) fn answered(self) -> &'static str {
        match self {
            Self::Refresh => "The answer to a refresh is here.",
            Self::Exchange => "The answer to an exchange is here.",
        }
    }

    /// What a server logs once the commit of such an answer has returned.
    pub(crate) fn committed(self) -> &'static str {
        match self {
            Self::Refresh => "The commit of a refresh has returned.",
            Self::Exchange => "The commit of an exchange has returned.",
        }
    }
}

impl Step {
    /// Whether the account must be healthy afterwards (`true`) or cannot be (`false`); `None` where both may happen. A
    /// refresh token that was not spent lives on; a code that was taken dies with its process, since nobody else has it.
    pub(crate) fn keeps(self, flow: Flow) -> Option<bool> {
        match (self, flow) {
            (Self::AfterTheWrite, _) | (Self::BeforeTheIntent | Self::UnderWayInVain, Flow::Refresh) => Some(true),
            (Self::UnderWay | Self::AfterTheWork | Self::DuringTheWrite, _) => Some(false),
            (Self::UnderWayInVain, Flow::Exchange) => Some(false),
            (Self::BeforeTheIntent, Flow::Exchange) => None,
            (Self::AnyInstant | Self::AfterTheAnswer | Self::AroundTheCommit, _) => None,
        }
    }

    /// Sets the stage, before the calls are made.
    pub(crate) async fn prepare(self, world: &mut World, flow: Flow, emails: &[String]) {
        for email in emails {
            let fault = |kind| Fault::new(Endpoint::Token, kind).for_grant_type(flow.grant_type()).for_user(email);
            match self {
                Self::BeforeTheIntent | Self::AnyInstant | Self::AfterTheWrite => {}
                Self::UnderWay => world.sandbox.fault(fault(FaultKind::Hold)),
                Self::UnderWayInVain => {
                    world.sandbox.fault(fault(FaultKind::Hold));
                    world.sandbox.fault(fault(FaultKind::DropBefore));
                }
                Self::AfterTheWork | Self::AfterTheAnswer | Self::DuringTheWrite | Self::AroundTheCommit => {
                    world.sandbox.fault(fault(FaultKind::Hold).after_work());
                }
            }
        }
        if self == Self::BeforeTheIntent {
            world.onlooker.block_writes().await;
        }
    }

    /// Lets the calls, which have been made, come to where they wait.
    pub(crate) async fn arrive(self, world: &World, calls: usize, dice: &mut Dice) {
        match self {
            Self::AnyInstant => sleep(Duration::from_micros(dice.below(50_000).try_into().unwrap())).await,
            Self::BeforeTheIntent => sleep(Duration::from_millis((20 + dice.below(100)).try_into().unwrap())).await,
            Self::AfterTheWrite => {}
            _ => timeout(Duration::from_secs(20), world.sandbox.wait_for_holds(calls)).await.expect("they arrive"),
        }
    }

    /// Lets them go on to this step, and the process dies.
    pub(crate) async fn die(self, world: &mut World, flow: Flow, victim: usize, calls: usize, dice: &mut Dice) {
        let here = |line: &Line| line.says(flow.answered());
        match self {
            Self::AfterTheAnswer => {
                world.sandbox.release();
                blink(dice, 15);
            }
            Self::DuringTheWrite | Self::AroundTheCommit => {
                let before = world.servers[victim].lines().into_iter().filter(here).count();
                world.onlooker.block_writes().await;
                world.sandbox.release();
                world.servers[victim].logged(before + calls, here).await;
                sleep(Duration::from_millis((2 + dice.below(20)).try_into().unwrap())).await;
            }
            _ => {}
        }
        if self == Self::AroundTheCommit {
            world.onlooker.unblock().await;
            blink(dice, 20);
        }
        world.servers[victim].kill().await;
        if matches!(self, Self::BeforeTheIntent | Self::DuringTheWrite) {
            world.onlooker.unblock().await;
        }
        // What the provider still holds, it works on now, or drops.
        world.sandbox.release();
    }
}

/// At most so many milliseconds; on this thread, since a timer is not as fine.
fn blink(dice: &mut Dice, most: usize) {
    std::thread::sleep(Duration::from_micros(dice.below(most * 1_000).try_into().unwrap()));
}

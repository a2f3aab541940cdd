//! Processes are killed at every step of a refresh and of a code exchange, in random order.

use crate::backend::Asking;
use crate::dice::Dice;
use crate::figures::Figures;
use crate::settle::settle;
use crate::step::{Flow, STEPS, Step};
use crate::world::{Account, Returning, World};

/// Kills of one world: with more, another one is made.
const KILLS_OF_A_WORLD: usize = 36;
/// Access tokens of the sandbox end soon, so that what became of a refresh can be found out at once.
const ACCESS_TOKEN_SECONDS: u32 = 15;

/// Calls that were under way in a process when it died.
pub(crate) struct Kill {
    pub(crate) flow: Flow,
    pub(crate) step: Step,
    /// How far the sandbox's journal had come.
    pub(crate) sequence: u64,
    pub(crate) calls: Vec<Call>,
}

/// One of them.
#[derive(Debug)]
pub(crate) enum Call {
    Refresh(Account),
    Exchange(Returning),
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_killed_at_every_step_loses_no_token() {
    run(1, kills(18)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_killed_at_every_step_lose_no_token() {
    run(3, kills(9)).await;
}

/// How many kills a run makes.
fn kills(short: usize) -> usize {
    long().unwrap_or(short)
}

/// Whether this is the long form.
pub(crate) fn is_long() -> bool {
    long().is_some()
}

#[expect(clippy::disallowed_methods, reason = "the long form is set by its environment")]
fn long() -> Option<usize> {
    std::env::var("CHAOS_KILLS").ok().map(|kills| kills.parse().expect("CHAOS_KILLS is a number"))
}

async fn run(servers: usize, kills: usize) {
    let seed = Dice::seed();
    let mut dice = Dice::new(seed);
    let (mut left, mut figures) = (kills, None);
    while left > 0 {
        let now = left.min(KILLS_OF_A_WORLD);
        left -= now;
        let mut world = World::start(servers, ACCESS_TOKEN_SECONDS).await;
        let title = || format!("{kills} kills on {}, servers: {servers}, seed: {seed}", world.database);
        let figures = figures.get_or_insert_with(|| Figures::new(title()));
        let mut done = Vec::new();
        for (flow, step) in order(now, &mut dice) {
            done.push(kill(&mut world, flow, step, &mut dice).await);
        }
        settle(&mut world, &done, figures).await;
    }
    figures.iter().for_each(Figures::print);
}

/// So many kills in random order, every step about as often as every other.
fn order(kills: usize, dice: &mut Dice) -> Vec<(Flow, Step)> {
    let all: Vec<_> =
        [Flow::Refresh, Flow::Exchange].into_iter().flat_map(|flow| STEPS.map(|step| (flow, step))).collect();
    let mut order = Vec::new();
    while order.len() < kills {
        order.extend(dice.shuffled(all.clone()));
    }
    order.truncate(kills);
    order
}

/// Prepares one to three accounts or consents, makes their calls at one server, and kills it at a step.
async fn kill(world: &mut World, flow: Flow, step: Step, dice: &mut Dice) -> Kill {
    let (victim, helper) = (dice.below(world.servers.len()), dice.below(world.servers.len()));
    world.servers[helper].ready(&world.backend.client).await;
    let mut calls = Vec::new();
    for _ in 0..=dice.below(3) {
        calls.push(match flow {
            Flow::Refresh => Call::Refresh(world.connect(helper).await),
            Flow::Exchange => Call::Exchange(world.consent(helper).await),
        });
    }
    let emails: Vec<_> = calls.iter().map(Call::email).collect();
    let mut tokens = Vec::new();
    for call in &calls {
        if let Call::Refresh(account) = call {
            let answer = world.backend.token(helper, &account.id, None).await.unwrap();
            tokens.push(answer.token().unwrap_or_else(|| panic!("{}", answer.body)).to_owned());
        }
    }
    world.servers[victim].ready(&world.backend.client).await;
    step.prepare(world, flow, &emails).await;
    let asking = ask(world, victim, &calls, &tokens);
    if step == Step::AfterTheWrite {
        for asked in asking {
            let answer = asked.await.unwrap().unwrap();
            assert!([200, 303].contains(&answer.status), "{}", answer.body);
        }
    }
    step.arrive(world, calls.len(), dice).await;
    // Somebody asks another server for the same meanwhile, and waits there.
    let has_rivals = world.servers.len() > 1 && flow == Flow::Refresh && dice.below(2) == 0;
    let rivals = if has_rivals { ask(world, (victim + 1) % world.servers.len(), &calls, &tokens) } else { vec![] };
    step.die(world, flow, victim, calls.len(), dice).await;
    rivals.iter().for_each(Asking::abort);
    world.servers[victim].start_again();
    let sequence = world.sandbox.journal().last().map_or(0, |entry| entry.sequence);
    Kill { flow, step, sequence, calls }
}

/// Makes all calls at one server at once.
fn ask(world: &World, server: usize, calls: &[Call], tokens: &[String]) -> Vec<Asking> {
    let ask = |(at, call): (usize, &Call)| match call {
        Call::Refresh(account) => world.backend.ask(server, &account.id, tokens.get(at).map(String::as_str)),
        Call::Exchange(returning) => world.backend.browse(server, &returning.callback, &returning.cookie),
    };
    calls.iter().enumerate().map(ask).collect()
}

impl Call {
    /// The sandbox's user whose tokens they are.
    pub(crate) fn email(&self) -> String {
        match self {
            Self::Refresh(account) => account.email.clone(),
            Self::Exchange(returning) => returning.email.clone(),
        }
    }
}

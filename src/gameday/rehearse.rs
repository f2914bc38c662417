//! A game day made shorter for a rehearsal: what the plan and people take is divided alike, so that simulated teams that are as
//! much faster are measured as teams are in the exercise itself. Machines are not faster: neither are their limits.

use super::measure::{Condition, Expr, InjectionFact, Measure};
use super::people::{Noticed, ResponseTargets};
use super::plan::GameDay;
use super::span::Span;
use super::unit::Unit;

impl GameDay {
    /// The same plan, `speed` times as fast: as [`GameDay::scaled_to`], and with limits on the times of people divided too:
    /// targets of response, by when somebody should notice, and what measures compare with the times of teams.
    pub fn rehearsed(&self, speed: f64) -> GameDay {
        let factor = 1.0 / speed;
        let mut plan = self.scaled_to(self.duration().scaled(factor));
        let ResponseTargets { detect, acknowledge, mitigate, resolve } = &mut plan.people.response;
        for target in [detect, acknowledge, mitigate, resolve] {
            *target = target.map(|span| scaled(span, factor));
        }
        for objective in &mut plan.objectives {
            objective.measure.as_mut().into_iter().for_each(|one| measure(one, factor));
        }
        for injection in plan.phases.iter_mut().flat_map(|phase| &mut phase.injections) {
            let expected = &mut injection.expected;
            if matches!(expected.noticed, Some(Noticed::Anyone | Noticed::Team(_))) {
                expected.within = expected.within.map(|span| scaled(span, factor));
            }
            expected.measure.as_mut().into_iter().for_each(|one| measure(one, factor));
        }
        plan
    }
}

fn scaled(span: Span, factor: f64) -> Span {
    span.scaled(factor).max(Span::from_millis(1))
}

fn measure(measure: &mut Measure, factor: f64) {
    condition(&mut measure.condition, factor);
}

fn condition(condition: &mut Condition, factor: f64) {
    match condition {
        Condition::Compare { left, right, .. } => {
            if is_of_people(left) || is_of_people(right) {
                numbers(left, factor);
                numbers(right, factor);
            }
        }
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter_mut().for_each(|part| self::condition(part, factor));
        }
    }
}

/// Whether a time that people take is in it.
fn is_of_people(expr: &Expr) -> bool {
    match expr {
        Expr::Time { .. } => true,
        Expr::Injection { fact, .. } => matches!(fact, InjectionFact::TimeToDetect),
        Expr::Arithmetic { left, right, .. } => is_of_people(left) || is_of_people(right),
        Expr::Number { .. }
        | Expr::Metric { .. }
        | Expr::Incidents(_)
        | Expr::Breaker { .. }
        | Expr::Fact(_) => false,
    }
}

/// Every length of time that is written down.
fn numbers(expr: &mut Expr, factor: f64) {
    match expr {
        Expr::Number { value, unit: Unit::Millis } => *value *= factor,
        Expr::Arithmetic { left, right, .. } => {
            numbers(left, factor);
            numbers(right, factor);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::read::inspect;

    #[test]
    fn people_are_as_much_faster_as_the_plan_and_machines_are_not() {
        let text = "
name: day
target: lab
phases:
  - name: only
    duration: 40m
    load: { rps: 10 }
    chaos:
      - time: +10m
        name: lost
        experiment: { type: pod-failure, target: { selector: { app: web-app } }, mode: one, duration: 4m }
        expect: { what: Seen., noticed_by: anyone, within: 2m }
objectives:
  - { title: fast, measure: mttr < 20m }
  - { title: seen, measure: time_to_detect(lost) < 5m and recovery_time(lost) < 30s }
steady_state: { availability: { min: 99% } }
response: { detect: 2m }
";
        let (plan, problems) = inspect(text, "day.yaml");
        let plan = plan.unwrap_or_else(|| panic!("{problems:?}")).rehearsed(20.0);
        assert_eq!(plan.duration(), Span::from_secs(120));
        assert_eq!(plan.people.response.detect, Some(Span::from_secs(6)));
        let injection = &plan.phases[0].injections[0];
        assert_eq!(injection.offset, Span::from_secs(30));
        assert_eq!(injection.expected.within, Some(Span::from_secs(6)));
        let values: Vec<f64> = plan
            .objectives
            .iter()
            .flat_map(|one| match &one.measure.as_ref().unwrap().condition {
                Condition::All(parts) => parts.clone(),
                one => vec![one.clone()],
            })
            .map(|one| match one {
                Condition::Compare { right: Expr::Number { value, .. }, .. } => value,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(values, [60_000.0, 15_000.0, 30_000.0]);
    }
}

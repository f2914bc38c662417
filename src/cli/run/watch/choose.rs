//! What the metrics offer before a person, who takes, limits, changes or saves it. Not the offers.

use super::what::What;
use crate::cli::args::Screen;
use crate::cli::{blank, looks};
use crate::exercise::said::Said;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::metrics::offer::Offer;
use crate::port::clock::Clock;
use crate::tui::looks::Looks;
use crate::tui::offering::{Offered, Offering};
use crate::tui::shell::offering::{Options, run};

/// Asks which of the offers are watched; those with a limit already, and those that are advised, are taken at first.
/// `None`: the person left.
///
/// # Errors
/// When there is no terminal; for people.
pub(super) async fn choose(
    offers: &[Offer],
    before: &What,
    (place, every): (&str, Span),
    (screen, looks): (&Screen, &Looks),
    clock: &dyn Clock,
) -> Result<Option<What>, String> {
    let lang = looks::texts(screen.lang, looks);
    let rows = offers.iter().map(|offer| offered(offer, before, &lang)).collect();
    let mut offering = Offering::new(place.to_owned(), rows);
    let theme = looks.theme().cloned().map_or_else(looks::plain_theme, Ok)?;
    let save = |offering: &Offering, file: &str| {
        let what = chosen(offers, offering)?;
        what.save(file.as_ref(), every)
    };
    let variable = |name: &str| std::env::var(name).ok();
    let manners = screen.manners(variable);
    let empty = blank::empty(clock)?;
    let accepted = run(&empty, &mut offering, Options { theme, lang, manners, save: &save });
    let accepted = accepted.await.map_err(|error| error.to_string())?;
    accepted.then(|| chosen(offers, &offering)).transpose()
}

fn offered(offer: &Offer, before: &What, lang: &Lang) -> Offered {
    let limit = before.limit_of(&offer.panel.name);
    Offered {
        title: format!("{}: {}", offer.panel.group, lang.said(&offer.panel.title)),
        query: offer.panel.query.clone(),
        unit: offer.panel.unit,
        min: limit.and_then(|limit| limit.min),
        max: limit.and_then(|limit| limit.max),
        taken: before.has(&offer.panel.name),
    }
}

/// What was taken, as it was changed.
fn chosen(offers: &[Offer], offering: &Offering) -> Result<What, String> {
    let mut what = What::default();
    for (offer, row) in offers.iter().zip(&offering.rows).filter(|(_, row)| row.taken) {
        let mut panel = offer.panel.clone();
        if panel.query != row.query {
            panel.query.clone_from(&row.query);
            panel.title = Said::from(row.title.as_str());
        }
        let felt = panel.metric.is_some();
        what.add(panel, (row.min, row.max), felt)?;
    }
    Ok(what)
}

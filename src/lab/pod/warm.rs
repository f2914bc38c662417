//! Fills a web-app pod's copies, and its part of the cache, from the backend: soon after the start, and when told to. Makes
//! no page for a customer.

use std::sync::Arc;
use std::time::Duration;

use super::query::{Product, encode};
use super::web::Web;
use crate::gameday::defence::Defence;
use crate::lab::shop::{PODS, PRODUCTS, Role};

/// So many products are asked for at once.
const AT_ONCE: u32 = 100;

/// A moment for customers after each question.
const PAUSE: Duration = Duration::from_millis(20);

/// What did not work is tried again after so long.
const AGAIN: Duration = Duration::from_secs(1);

/// Keeps copies of every page from the start on, until every one was had once; again whenever somebody wants it.
pub(super) async fn keep_warm(web: Arc<Web>) {
    let mut wanted = web.context.warm.subscribe();
    if web.context.has(Defence::StaleCache) {
        let share = share_of(&web.context.spec.name);
        while warm(&web, share).await.is_none() {
            tokio::time::sleep(AGAIN).await;
        }
    }
    while wanted.changed().await.is_ok() {
        // A team sees in the hit rate whether it worked.
        let _ = warm(&web, (0, 1)).await;
    }
}

/// Makes every page; puts those into the cache whose number leaves this rest. `None` when the backend did not answer.
async fn warm(web: &Web, (rest, of): (u32, u32)) -> Option<()> {
    web.fetch("/home").await?;
    let mut from = 1;
    while from <= PRODUCTS {
        let to = (from + AT_ONCE - 1).min(PRODUCTS);
        let data = web.data(&format!("/products/{from}-{to}")).await?;
        let products: Vec<Product> = serde_json::from_slice(&data).ok()?;
        for product in products {
            let key = format!("/product/{}", product.n);
            let shared = product.n % of == rest;
            let page = web.finish(&key, &encode(&[product]));
            if shared {
                web.keep(&key, &page).await;
            }
        }
        from = to + 1;
        tokio::time::sleep(PAUSE).await;
    }
    Some(())
}

/// The pods of the plan share the work of filling the cache.
fn share_of(pod: &str) -> (u32, u32) {
    let names: Vec<_> = PODS.iter().filter(|one| one.role == Role::Web).collect();
    let place = names.iter().position(|one| one.name == pod).unwrap_or(0);
    let number = |count: usize| u32::try_from(count).unwrap_or(1);
    (number(place), number(names.len()).max(1))
}

//! What is missing, extra and changed in the shop's data. Pure: rows in, counts out.

use std::collections::{BTreeMap, BTreeSet};

use crate::exercise::reading::{IntegrityCheck, TableComparison};

/// An order, as asked for or as kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub user: u32,
    pub product: u32,
    pub quantity: u32,
    /// Its number in the database; 0 where it is only known as asked for.
    pub place: i64,
    /// What it costs; 0 where it is only known as asked for.
    pub cents: i64,
}

impl Order {
    /// Whether it is what was asked for.
    const fn is(&self, asked: &Self) -> bool {
        self.user == asked.user && self.product == asked.product && self.quantity == asked.quantity
    }
}

/// The rows of one database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    /// Name and number of orders by user.
    pub users: BTreeMap<u32, (String, i64)>,
    /// Name and price by product; nobody changes them.
    pub products: BTreeMap<u32, (String, i64)>,
    /// Orders by their identity.
    pub orders: BTreeMap<String, Order>,
    /// Whose order was paid, and what, by the number of the transaction.
    pub payments: BTreeMap<i64, (String, i64)>,
}

/// Everything that is compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// The data at the checkpoint.
    pub before: Data,
    /// The data of the primary.
    pub now: Data,
    /// The data of the replica, looked at after the primary; `None`: there is none to be looked at.
    pub replica: Option<Data>,
    /// Orders that customers were told are done, ever.
    pub acknowledged: Vec<(String, Order)>,
    /// Orders that wait in the queue, by identity.
    pub queued: Vec<String>,
    /// Orders that customers asked for, ever.
    pub asked: Vec<(String, Order)>,
}

/// Compares.
pub(super) fn compare(evidence: &Evidence) -> IntegrityCheck {
    let Evidence { before, now, .. } = evidence;
    let asked: BTreeMap<&str, &Order> =
        evidence.asked.iter().map(|(id, order)| (id.as_str(), order)).collect();
    let queued: BTreeSet<&str> = evidence.queued.iter().map(String::as_str).collect();
    let mut told: BTreeMap<&str, &Order> =
        evidence.acknowledged.iter().map(|(id, order)| (id.as_str(), order)).collect();
    told.retain(|id, _| !before.orders.contains_key(*id));
    let lost = told.keys().filter(|id| !now.orders.contains_key(**id) && !queued.contains(*id));
    let lost = lost.count() as u64;

    let mut orders = table("orders", now.orders.len());
    orders.missing = lost + absent(&before.orders, &now.orders);
    for (id, order) in &now.orders {
        match (before.orders.get(id), asked.get(id.as_str())) {
            (Some(then), _) => orders.changed += u64::from(then != order),
            (None, Some(asked)) => orders.changed += u64::from(!order.is(asked)),
            (None, None) => orders.extra += 1,
        }
    }

    let mut users = table("users", now.users.len());
    users.missing = absent(&before.users, &now.users);
    users.extra = absent(&now.users, &before.users);
    let fresh = now.orders.iter().filter(|(id, _)| !before.orders.contains_key(*id));
    let bought = by_user(fresh.map(|(_, order)| order));
    for (id, (name, count)) in &before.users {
        if let Some(user) = now.users.get(id) {
            let count = count + bought.get(id).copied().unwrap_or_default();
            users.changed += u64::from(*user != (name.clone(), count));
        }
    }

    let mut tables = vec![users, orders, payments(before, now), products(before, now)];
    if let Some(replica) = &evidence.replica {
        differences(now, replica, &mut tables);
    }
    IntegrityCheck { tables, acknowledged: told.len() as u64, lost }
}

fn table(name: &str, rows: usize) -> TableComparison {
    TableComparison { table: name.to_owned(), rows: rows as u64, ..TableComparison::default() }
}

/// How many of the orders are whose.
fn by_user<'a>(orders: impl Iterator<Item = &'a Order>) -> BTreeMap<u32, i64> {
    let mut counts = BTreeMap::new();
    for order in orders {
        *counts.entry(order.user).or_default() += 1;
    }
    counts
}

/// How many of the rows are not in the other.
fn absent<K: Ord, V, W>(rows: &BTreeMap<K, V>, other: &BTreeMap<K, W>) -> u64 {
    rows.keys().filter(|key| !other.contains_key(*key)).count() as u64
}

/// What is for sale stays as it was.
fn products(before: &Data, now: &Data) -> TableComparison {
    let same = |(id, then): &(&u32, &(String, i64))| now.products.get(id) == Some(then);
    let missing = absent(&before.products, &now.products);
    let differ = before.products.iter().filter(|row| !same(row)).count() as u64;
    TableComparison {
        missing,
        extra: absent(&now.products, &before.products),
        changed: differ - missing,
        ..table("products", now.products.len())
    }
}

/// Each order is paid exactly once, with what it costs.
fn payments(before: &Data, now: &Data) -> TableComparison {
    let mut table = table("transactions", now.payments.len());
    let mut paid = BTreeSet::new();
    for (id, (order, cents)) in &now.payments {
        let known = now.orders.get(order);
        match before.payments.get(id).filter(|then| then.0 == *order) {
            _ if known.is_none() || !paid.insert(order) => table.extra += 1,
            Some(then) => table.changed += u64::from(then.1 != *cents),
            None => table.changed += u64::from(known.is_some_and(|known| known.cents != *cents)),
        }
    }
    table.missing = now.orders.keys().filter(|id| !paid.contains(id)).count() as u64;
    let gone = before.payments.values();
    table.missing += gone.filter(|then| !now.orders.contains_key(&then.0)).count() as u64;
    table
}

/// Counts what differs in the replica as changed. It may have more than the primary had when that was looked at.
fn differences(now: &Data, replica: &Data, tables: &mut [TableComparison]) {
    let last = now.orders.values().map(|order| order.place).max().unwrap_or_default();
    let newer = |id: &str| replica.orders.get(id).is_some_and(|order| order.place > last);
    let mut add = |name: &str, count: usize| {
        if let Some(table) = tables.iter_mut().find(|table| table.table == name) {
            table.changed += count as u64;
        }
    };
    let ids: BTreeSet<&String> = now.orders.keys().chain(replica.orders.keys()).collect();
    let differs = |id: &&&String| !newer(id) && now.orders.get(**id) != replica.orders.get(**id);
    add("orders", ids.iter().filter(differs).count());

    let ids: BTreeSet<&i64> = now.payments.keys().chain(replica.payments.keys()).collect();
    let differs = |id: &&&i64| {
        let (ours, theirs) = (now.payments.get(**id), replica.payments.get(**id));
        ours != theirs && !theirs.is_some_and(|(order, _)| newer(order))
    };
    add("transactions", ids.iter().filter(differs).count());

    let ids: BTreeSet<&u32> = now.users.keys().chain(replica.users.keys()).collect();
    let bought = by_user(replica.orders.values().filter(|order| order.place > last));
    let differs = |id: &&&u32| {
        let more = bought.get(**id).copied().unwrap_or_default();
        let theirs = replica.users.get(**id).map(|(name, count)| (name.clone(), count - more));
        now.users.get(**id) != theirs.as_ref()
    };
    add("users", ids.iter().filter(differs).count());

    let ids: BTreeSet<&u32> = now.products.keys().chain(replica.products.keys()).collect();
    let differs = |id: &&&u32| now.products.get(**id) != replica.products.get(**id);
    add("products", ids.iter().filter(differs).count());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: i64) -> String {
        format!("order-{n}")
    }

    /// A shop with two users in which orders 1 to `orders` were placed by user 1.
    fn data(orders: i64) -> Data {
        let mut data = Data::default();
        data.users.insert(1, ("one".to_owned(), orders));
        data.users.insert(2, ("two".to_owned(), 0));
        for product in 1..=5 {
            data.products.insert(product, ("thing".to_owned(), 5));
        }
        for n in 1..=orders {
            let order = Order { user: 1, product: 5, quantity: 2, place: n, cents: 10 };
            data.orders.insert(id(n), order);
            data.payments.insert(n, (id(n), 10));
        }
        data
    }

    fn list(orders: std::ops::RangeInclusive<i64>) -> Vec<(String, Order)> {
        let order = Order { user: 1, product: 5, quantity: 2, place: 0, cents: 0 };
        orders.map(|n| (id(n), order)).collect()
    }

    /// Two orders at the checkpoint, three since, all of them told.
    fn sound() -> Evidence {
        Evidence {
            before: data(2),
            now: data(5),
            replica: Some(data(5)),
            acknowledged: list(1..=5),
            queued: Vec::new(),
            asked: list(1..=5),
        }
    }

    /// What is done to sound evidence, and what must be found: table, missing, extra, changed; lost.
    type Case = (&'static str, fn(&mut Evidence), &'static [(&'static str, u64, u64, u64)], u64);

    const CASES: &[Case] = &[
        ("nothing", |_| {}, &[], 0),
        (
            "an order that waits",
            |all| {
                all.acknowledged.extend(list(6..=6));
                all.asked.extend(list(6..=6));
                all.queued.push(id(6));
            },
            &[],
            0,
        ),
        (
            "an order that nobody was told of",
            |all| {
                all.acknowledged.pop();
            },
            &[],
            0,
        ),
        (
            "an order that is nowhere",
            |all| {
                all.acknowledged.extend(list(6..=6));
                all.asked.extend(list(6..=6));
            },
            &[("orders", 1, 0, 0)],
            1,
        ),
        (
            "an order that nobody asked for",
            |all| {
                all.asked.pop();
            },
            &[("orders", 0, 1, 0)],
            0,
        ),
        (
            "an order of the checkpoint that is gone",
            |all| {
                for one in [Some(&mut all.now), all.replica.as_mut()].into_iter().flatten() {
                    one.orders.remove(&id(1));
                    one.payments.remove(&1);
                }
            },
            &[("orders", 1, 0, 0), ("transactions", 1, 0, 0)],
            0,
        ),
        (
            "an order that is another",
            |all| {
                for one in [Some(&mut all.now), all.replica.as_mut()].into_iter().flatten() {
                    one.orders.get_mut(&id(4)).unwrap().quantity = 3;
                }
            },
            &[("orders", 0, 0, 1)],
            0,
        ),
        (
            "damage in the replica",
            |all| {
                let replica = all.replica.as_mut().unwrap();
                replica.orders.get_mut(&id(4)).unwrap().quantity = 3;
                replica.orders.get_mut(&id(5)).unwrap().quantity = 3;
                replica.payments.get_mut(&1).unwrap().1 = 11;
                replica.users.get_mut(&2).unwrap().0.push('x');
            },
            &[("users", 0, 0, 1), ("orders", 0, 0, 2), ("transactions", 0, 0, 1)],
            0,
        ),
        (
            "a replica that is behind",
            |all| {
                all.replica = Some(data(4));
            },
            &[("users", 0, 0, 1), ("orders", 0, 0, 1), ("transactions", 0, 0, 1)],
            0,
        ),
        (
            "a replica that was looked at later",
            |all| {
                all.replica = Some(data(7));
            },
            &[],
            0,
        ),
        (
            "no replica",
            |all| {
                all.replica = None;
            },
            &[],
            0,
        ),
        (
            "users",
            |all| {
                for one in [Some(&mut all.now), all.replica.as_mut()].into_iter().flatten() {
                    one.users.remove(&2);
                    one.users.insert(3, ("three".to_owned(), 0));
                    one.users.get_mut(&1).unwrap().1 += 1;
                }
            },
            &[("users", 1, 1, 1)],
            0,
        ),
        (
            "products",
            |all| {
                for one in [Some(&mut all.now), all.replica.as_mut()].into_iter().flatten() {
                    one.products.remove(&2);
                    one.products.insert(6, ("another".to_owned(), 5));
                    one.products.get_mut(&1).unwrap().1 = 4;
                }
            },
            &[("products", 1, 1, 1)],
            0,
        ),
        (
            "a product that costs something else in the replica",
            |all| all.replica.as_mut().unwrap().products.get_mut(&3).unwrap().1 = 4,
            &[("products", 0, 0, 1)],
            0,
        ),
        (
            "an order paid twice, and one for another sum",
            |all| {
                for one in [Some(&mut all.now), all.replica.as_mut()].into_iter().flatten() {
                    one.payments.insert(6, (id(3), 10));
                    one.payments.get_mut(&5).unwrap().1 = 9;
                }
            },
            &[("transactions", 0, 1, 1)],
            0,
        ),
    ];

    #[test]
    fn every_discrepancy_is_found_and_no_other() {
        for (what, harm, expected, lost) in CASES {
            let mut evidence = sound();
            harm(&mut evidence);
            let found = compare(&evidence);
            assert_eq!(found.lost, *lost, "{what}");
            for table in &found.tables {
                let counts = expected.iter().find(|one| one.0 == table.table);
                let counts = counts.map_or((0, 0, 0), |one| (one.1, one.2, one.3));
                assert_eq!(
                    (table.missing, table.extra, table.changed),
                    counts,
                    "{what}: {}",
                    table.table
                );
            }
        }
        assert_eq!(compare(&sound()).acknowledged, 3, "since the checkpoint");
    }
}

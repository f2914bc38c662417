//! Rows of a database file that say something else than they should, with what they said kept beside them in the same
//! transaction, so that it can be undone exactly, also by the next process.

use rusqlite::{Connection, params};

use super::store::StoreError;

/// What can be damaged: table, cell, and what becomes of it. No cell here is written by replication after its row was
/// made, so that undoing it overwrites nothing newer.
const CELLS: [(&str, &str, &str); 4] = [
    ("users", "name", "name || ' (damaged)'"),
    ("products", "cents", "cents + 1"),
    ("orders", "quantity", "quantity + 1"),
    ("transactions", "cents", "cents + 1"),
];

/// Damages so many rows of the table, the newest first, or all if there are fewer; how many.
///
/// # Errors
/// When the table is not one of those, or has no row, or SQLite says no.
pub(super) fn cause(
    connection: &mut Connection,
    fault: &str,
    table: &str,
    rows: u32,
) -> Result<usize, StoreError> {
    let Some((table, cell, changed)) = CELLS.into_iter().find(|one| one.0 == table) else {
        return Err(StoreError::Refused(
            "only users, products, orders and transactions can be damaged",
        ));
    };
    let transaction = connection.transaction()?;
    let kept = transaction.execute(
        &format!(
            "INSERT INTO damage (fault, place, id, cell, was)
            SELECT ?1, '{table}', id, '{cell}', {cell} FROM {table}
            WHERE id NOT IN (SELECT id FROM damage WHERE place = '{table}')
            ORDER BY id DESC LIMIT ?2"
        ),
        params![fault, rows],
    )?;
    if kept == 0 {
        return Err(StoreError::Refused("the table has no rows yet"));
    }
    let sql = format!(
        "UPDATE {table} SET {cell} = {changed}
        WHERE id IN (SELECT id FROM damage WHERE fault = ?1 AND place = '{table}')"
    );
    transaction.execute(&sql, [fault])?;
    transaction.commit()?;
    Ok(kept)
}

/// Undoes the damage of a fault, or all there is; how many rows.
///
/// # Errors
/// When SQLite says no; nothing is undone then.
pub(super) fn undo(connection: &mut Connection, fault: Option<&str>) -> Result<usize, StoreError> {
    let transaction = connection.transaction()?;
    for (table, cell, _) in CELLS {
        let sql = format!(
            "UPDATE {table} SET {cell} = (SELECT was FROM damage WHERE place = '{table}'
                AND id = {table}.id)
            WHERE id IN (SELECT id FROM damage WHERE place = '{table}'
                AND (?1 IS NULL OR fault = ?1))"
        );
        transaction.execute(&sql, [fault])?;
    }
    let undone =
        transaction.execute("DELETE FROM damage WHERE ?1 IS NULL OR fault = ?1", [fault])?;
    transaction.commit()?;
    Ok(undone)
}

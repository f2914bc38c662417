//! What the lab's shop has, as far as a file can name it, and what it lacks. The lab itself is built elsewhere; a test compares the two.

/// The zones of the lab.
pub const LAB_ZONES: [&str; 3] = ["zone-a", "zone-b", "zone-c"];
/// The nodes of the lab.
pub const LAB_NODES: [&str; 3] = ["node-1", "node-2", "node-3"];
/// The tables of the lab's database.
pub const LAB_TABLES: [&str; 4] = ["users", "products", "orders", "transactions"];
/// The apps of the lab's shop.
pub const LAB_APPS: [&str; 7] = [
    "api-gateway",
    "web-app",
    "backend-service",
    "cache-service",
    "database",
    "oauth-provider",
    "message-queue",
];

/// Why the lab cannot have a type of experiment; `None`: it can.
pub fn lab_lacks(kind: &str) -> Option<&'static str> {
    match kind {
        "manifest" => Some("there is no Chaos Mesh in it"),
        "image-change" => Some("its pods are processes of this program and run no image"),
        _ => None,
    }
}

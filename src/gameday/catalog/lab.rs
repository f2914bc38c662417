//! What the lab's shop has, as far as a file can name it. The lab itself is built elsewhere; a test compares the two.

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

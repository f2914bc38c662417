//! A port of 127.0.0.1 that stays ours while nobody listens: a server that is down must not be answered for by another test.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// A port. It is free again when this is dropped.
pub struct Port {
    /// Bound, and never listening: it gets no connection.
    _holder: TcpSocket,
    pub address: SocketAddr,
}

impl Port {
    /// A free one.
    pub fn new() -> Self {
        let holder = socket(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = holder.local_addr().unwrap();
        Self { _holder: holder, address }
    }
}

/// Listens at the address of a port that is held.
pub fn listen(address: SocketAddr) -> TcpListener {
    socket(address).listen(256).unwrap()
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

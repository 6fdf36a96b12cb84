//! Binding, serving and stopping.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Store, StoreError, Token, WriteLimits, routes};

/// How long open requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// Callers who may wait to be let in.
const WAITING: u32 = 1_024;
/// How long the pulse rests after it failed.
const REST: Duration = Duration::from_secs(5);

/// Something that writes to the store by itself while the server runs, such as the sample
/// community: it does one step and says how long to wait for the next. It may block.
pub type Pulse = Box<dyn FnMut(&Store) -> Result<Duration, StoreError> + Send>;

/// How to serve.
pub struct ServeOptions {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What clients must send. Only a loopback address goes without.
    pub token: Option<Token>,
    /// What goes on by itself.
    pub live: Option<Pulse>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An open port without a lock.
    #[error("listening on {listen}, which is not loopback, needs a token")]
    TokenNeeded {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Somebody else listens there.
    #[error("{listen} is already in use")]
    InUse {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The system does not give the address.
    #[error("cannot listen on {listen}: {source}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The native backend.
pub struct Server;

/// A server at work. Dropping it stops it at once; [`Running::shutdown`] stops it in good order.
pub struct Running {
    /// Where it listens, with the port it got.
    pub addr: SocketAddr,
    /// What it serves.
    pub store: Store,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    pulse: Option<JoinHandle<()>>,
}

impl Server {
    /// Binds, and serves `store` until told to stop. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// Where the address is not loopback and there is no token, or cannot be bound.
    pub async fn start(store: Store, options: ServeOptions) -> Result<Running, ServeError> {
        Self::start_within(WriteLimits::default(), store, options).await
    }

    /// [`Server::start`] that takes no more than `limits` from its clients.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_within(
        limits: WriteLimits,
        store: Store,
        options: ServeOptions,
    ) -> Result<Running, ServeError> {
        Self::bind(options.listen, options.token)?.serve(limits, store, options.live)
    }

    /// Takes the address, and lets nobody in yet: whoever calls is refused until
    /// [`Bound::serve`]. What a taken address makes impossible is then not begun.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn bind(listen: SocketAddr, token: Option<Token>) -> Result<Bound, ServeError> {
        if token.is_none() && !listen.ip().to_canonical().is_loopback() {
            return Err(ServeError::TokenNeeded { listen });
        }
        let socket = match listen {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        };
        let bound = socket.and_then(|socket| {
            // A server that has just ended does not keep the next one from its address.
            socket.set_reuseaddr(true)?;
            socket.bind(listen)?;
            Ok(socket)
        });
        bound.map(|socket| Bound { socket, listen, token }).map_err(|source| refused(listen, source))
    }
}

/// An address that is taken, where nobody is let in yet.
pub struct Bound {
    socket: TcpSocket,
    listen: SocketAddr,
    token: Option<Token>,
}

impl Bound {
    /// Serves `store` until told to stop. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// Where the system does not let it listen after all.
    pub fn serve(
        self,
        limits: WriteLimits,
        store: Store,
        live: Option<Pulse>,
    ) -> Result<Running, ServeError> {
        let Self { socket, listen, token } = self;
        let listener = socket.listen(WAITING).map_err(|source| refused(listen, source))?;
        let addr = listener.local_addr().map_err(|source| refused(listen, source))?;
        let (stop, stopping) = watch::channel(false);
        let router = routes::router(store.clone(), token, limits, stopping.clone());
        let told = told(stopping.clone());
        let serving =
            tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(told).await });
        let pulse = live.map(|live| tokio::spawn(beat(live, store.clone(), stopping)));
        Ok(Running { addr, store, stop, serving, pulse })
    }
}

fn refused(listen: SocketAddr, source: std::io::Error) -> ServeError {
    match source.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::InUse { listen },
        _ => ServeError::Listen { listen, source },
    }
}

impl Running {
    /// Takes no more requests, lets the open ones end for at most two seconds, and stops.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        if let Some(pulse) = self.pulse.take() {
            // A step is short; ending it keeps the store from being written afterwards.
            let _ = pulse.await;
        }
        let _ = tokio::time::timeout(GRACE, &mut self.serving).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.serving.abort();
        if let Some(pulse) = &self.pulse {
            pulse.abort();
        }
    }
}

async fn told(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is being told as well.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Lets `live` do its steps until the server stops.
async fn beat(mut live: Pulse, store: Store, stopping: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    loop {
        tokio::select! {
            // The sample community lives by the clock: this wait is its pace, and a stop ends it.
            () = tokio::time::sleep(pause) => {}
            () = told(stopping.clone()) => return,
        }
        let store = store.clone();
        let step = tokio::task::spawn_blocking(move || {
            let result = live(&store);
            (live, result)
        });
        let Ok((back, result)) = step.await else {
            tracing::error!("the pulse of the server broke; the community stands still");
            return;
        };
        live = back;
        pause = result.unwrap_or_else(|error| {
            tracing::warn!(%error, "a step of the community failed");
            REST
        });
    }
}

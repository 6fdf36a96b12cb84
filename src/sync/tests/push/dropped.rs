//! A push that ends in the middle, wherever that is, is taken up by the next one.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::*;
use crate::sync::Wish;
use crate::sync::tests::faults::{Fault, Proxy};

/// Polls what is in it so many times, and then gives up.
struct Polls<F> {
    inner: Pin<Box<F>>,
    left: u32,
}

impl<F: Future> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.inner.as_mut().poll(cx).map(Some)
    }
}

#[tokio::test]
async fn it_can_be_dropped_at_every_step() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let mut count = 0;
    for steps in 1.. {
        assert!(steps < 2000);
        let (one, other) = (format!("第{steps}条"), format!("第{steps}问"));
        let remarks = remark("c3", &one);
        kept.queue(vec![
            note(&format!("~n{steps}"), "c1", &one),
            message(&format!("~m{steps}"), "c2", &other),
            remarks,
        ])
        .await;
        count += 3;
        let dropped = Polls { inner: Box::pin(round(&engine, Wish::Changes)), left: steps }.await;
        kept.hurry();
        round(&engine, Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), done(count), "after {steps} steps: {:?}", kept.words());
        assert_eq!(titled(&store, Resource::Events, &one), 1, "after {steps} steps");
        assert_eq!(titled(&store, Resource::Events, &other), 1, "after {steps} steps");
        assert_eq!(of(&store, Resource::Customers, "c3")["remark"], one.as_str());
        if let Some(outcome) = dropped {
            assert_eq!(outcome.unwrap().pushed.sent, 3);
            eprintln!("{steps} steps");
            break;
        }
    }
    kept.assert_same(&store);
}

#[tokio::test]
async fn dropped_before_it_was_sent_after_the_server_did_it_and_before_it_was_noted() {
    for fault in [Fault::ResetRequest, Fault::ResetAnswer, Fault::None] {
        let (store, kept) = (reachable(), Kept::new());
        let server = serve(&store).await;
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        kept.queue(vec![message("~m", "c1", "您好"), remark("c2", "好")]).await;
        // The proxy holds the request, or the answer, until the push is gone.
        let (arrived, mut came) = tokio::sync::mpsc::unbounded_channel();
        let seen = store.clone();
        let proxy = Proxy::before(server.addr, move |asked| match asked.is_write() {
            true => {
                let _ = arrived.send(());
                if fault == Fault::None {
                    Fault::Latency(std::time::Duration::from_secs(3600))
                } else {
                    fault
                }
            }
            false => Fault::None,
        });
        let proxy = proxy.await.unwrap();
        {
            let engine = kept.pusher(&proxy.url);
            let mut pushing = pin!(round(&engine, Wish::Changes));
            for _ in 0..2 {
                tokio::select! {
                    _ = &mut pushing => {}
                    came = came.recv() => assert!(came.is_some()),
                }
            }
            if fault == Fault::None {
                // The server has both, and nobody was told.
                while titled(&seen, Resource::Events, "您好") == 0
                    || of(&seen, Resource::Customers, "c2")["remark"] != "好"
                {
                    tokio::task::yield_now().await;
                }
            }
        }
        kept.hurry();
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), done(2), "{fault:?}: {:?}", kept.words());
        assert_eq!(titled(&store, Resource::Events, "您好"), 1);
        assert_eq!(of(&store, Resource::Customers, "c2")["remark"], "好");
    }
}

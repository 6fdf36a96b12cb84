//! The cache's writer on a thread of its own, and the handle by which tasks reach it.

use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::cache::{self, Writer};

/// A piece of work for the writer, or for why there is none. It says whether the cache turned out
/// to be damaged.
type Job = Box<dyn FnOnce(cache::Result<&mut Writer>) -> bool + Send>;

/// Gives a writer for a new file where that of this one is damaged, or is another one by now;
/// `None` where there is none to be had.
pub type Mend = Box<dyn FnMut(&Writer) -> Option<Writer> + Send>;

/// Opens the writer of a cache that could not be written at first; tried again for each job.
pub type OpenLater = Box<dyn FnMut() -> cache::Result<Writer> + Send>;

/// Jobs that may wait; whoever comes after waits for a place.
const QUEUE: usize = 8;

/// A handle on the thread that writes to the cache. Jobs are done one after another, in the
/// order in which they came; the thread ends when all handles are gone and all jobs are done.
#[derive(Clone, Debug)]
pub struct CacheWriter {
    jobs: mpsc::Sender<Job>,
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The cache says so.
    #[error(transparent)]
    Cache(#[from] cache::Error),
    /// The thread has ended.
    #[error("the thread that writes to the cache has ended")]
    Ended,
}

impl CacheWriter {
    /// Starts the thread. Joining it gives the writer back.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(writer: Writer) -> std::io::Result<(Self, JoinHandle<Writer>)> {
        Self::start_mending(writer, Box::new(|_| None))
    }

    /// The same. Where a job meets damage it fails, and those after it are done with what `mend`
    /// gives; so is a job that finds that another process has replaced the file.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start_mending(mut writer: Writer, mut mend: Mend) -> std::io::Result<(Self, JoinHandle<Writer>)> {
        Self::spawn(move |mut waiting| {
            while let Some(job) = waiting.blocking_recv() {
                done(job, &mut writer, &mut mend);
            }
            writer
        })
    }

    /// Starts the thread for a cache that cannot be written yet. Until `open` gives a writer each
    /// job gets what it says instead; from then on it is as with [`CacheWriter::start_mending`].
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start_awaiting(mut open: OpenLater, mut mend: Mend) -> std::io::Result<Self> {
        let awaiting = move |mut waiting: mpsc::Receiver<Job>| {
            let mut opened: Option<Writer> = None;
            while let Some(job) = waiting.blocking_recv() {
                match &mut opened {
                    Some(writer) => done(job, writer, &mut mend),
                    None => match open() {
                        Ok(writer) => done(job, opened.insert(writer), &mut mend),
                        Err(error) => drop(job(Err(error))), // nothing is there to be mended
                    },
                }
            }
        };
        Ok(Self::spawn(awaiting)?.0)
    }

    fn spawn<T: Send + 'static>(
        work: impl FnOnce(mpsc::Receiver<Job>) -> T + Send + 'static,
    ) -> std::io::Result<(Self, JoinHandle<T>)> {
        let (jobs, waiting) = mpsc::channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new().name("cache-writer".to_owned()).spawn(|| work(waiting))?;
        Ok((Self { jobs }, thread))
    }

    /// Has `work` done and gives what it gave. A job that was queued is done even where nobody
    /// waits for its result any more.
    ///
    /// # Errors
    /// [`WriteError`], as the cache says or where the thread has ended.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> cache::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |writer| {
            let result = writer.and_then(work);
            let damaged = result.as_ref().is_err_and(cache::Error::is_damage);
            let _ = done.send(result); // Err: nobody waits any more
            damaged
        });
        self.jobs.send(job).await.map_err(|_| WriteError::Ended)?;
        Ok(result.await.map_err(|_| WriteError::Ended)??)
    }

    /// Has `work` done at some time, unless the queue is full or the thread has ended: for what
    /// does no harm when it is left undone, where one cannot wait.
    pub fn post(&self, work: impl FnOnce(&mut Writer) + Send + 'static) {
        let job: Job = Box::new(move |writer| {
            let _ = writer.map(work); // Err: left undone
            false
        });
        let _ = self.jobs.try_send(job); // Err: left undone
    }

    /// Somebody who reads has found damage: has the cache mended, unless `still` says that this
    /// has been done by the time that it is this one's turn.
    pub fn doubt(&self, still: impl FnOnce() -> bool + Send + 'static) {
        let _ = self.jobs.try_send(Box::new(move |_| still())); // Err: whoever reads again finds it again
    }
}

/// Does a job with the writer, or with the one that takes its place.
fn done(job: Job, writer: &mut Writer, mend: &mut Mend) {
    if writer.is_left()
        && let Some(new) = mend(writer)
    {
        *writer = new;
    }
    if job(Ok(writer))
        && let Some(new) = mend(writer)
    {
        *writer = new;
    }
}

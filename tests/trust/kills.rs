//! `kill -9` at random moments, while several processes write and send at once.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::scene::{Scene, run_for, said};

/// Processes that write at the same time, and one more that syncs.
const WRITERS: usize = 3;

/// How many kills, unless `SIYU_KILLS` says so.
const KILLS: usize = 200;

/// A command that was begun.
struct Begun {
    /// The word that its records have in them.
    word: String,
    /// How many records it is on.
    records: i64,
    /// Whether the program said that it is done.
    acknowledged: bool,
}

/// What all of them share.
struct Load<'a> {
    scene: &'a Scene,
    ids: Vec<String>,
    /// Kills that are still to be made.
    left: AtomicUsize,
    whole: AtomicUsize,
    begun: Mutex<Vec<Begun>>,
}

impl Load<'_> {
    /// Runs a program that may be killed; `None` when there were enough kills.
    fn run(&self, arguments: &[&str], chance: &mut StdRng, longest: Duration) -> Option<Output> {
        if self.left.load(Ordering::SeqCst) == 0 {
            return None;
        }
        // One in five is left alone.
        let time = match chance.random_range(0..5) {
            0 => Duration::from_secs(60),
            _ => longest.mul_f64(chance.random_range(0.0..1.0)),
        };
        let output = run_for(self.scene.home.command(arguments), time);
        if output.status.signal() == Some(9) {
            let _ = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert_eq!(self.scene.integrity(), "ok", "after a kill of {arguments:?}");
            self.whole.fetch_add(1, Ordering::SeqCst);
        }
        Some(output)
    }

    /// Writes until there were enough kills.
    fn write(&self, writer: usize, chance: &mut StdRng, longest: Duration) {
        for number in 0.. {
            let word = format!("w{writer}n{number}x");
            let commands = ["note.add WORD", "message.send wecom WORD", "follow_up.create WORD 明天"];
            let command = commands[chance.random_range(0..commands.len())].replace("WORD", &word);
            let first = chance.random_range(0..self.ids.len() - 6);
            let ids = &self.ids[first..first + chance.random_range(1..=6)];
            let online = ["do", &command, "--yes", "--ids", &ids.join(",")];
            let offline = [&online[..], &["--offline"]].concat();
            let arguments = if chance.random_range(0..3) == 0 { &offline[..] } else { &online };
            let Some(output) = self.run(arguments, chance, longest) else { return };
            let acknowledged = output.status.success();
            assert!(acknowledged || output.status.signal() == Some(9), "{arguments:?}: {}", said(&output));
            let records = i64::try_from(ids.len()).expect("a few");
            self.begun.lock().expect("no panic").push(Begun { word, records, acknowledged });
        }
    }

    /// Syncs until there were enough kills.
    fn sync(&self, chance: &mut StdRng, longest: Duration) {
        while self.run(&["sync"], chance, longest).is_some() {}
    }
}

/// How long a command takes when it is alone; the kills are spread over twice as long, since
/// several run at once.
fn lasting(scene: &Scene, id: &str) -> Duration {
    let begun = Instant::now();
    scene.home.text(&["do", "note.add how-long", "--yes", "--ids", id]);
    begun.elapsed() * 2
}

#[test]
fn random_kills_lose_nothing_and_double_nothing() {
    let kills =
        std::env::var("SIYU_KILLS").map_or(KILLS, |text| text.parse().expect("SIYU_KILLS is a number"));
    let seed = std::env::var("SIYU_SEED").map_or(7, |text| text.parse().expect("SIYU_SEED is a number"));
    let scene = Scene::new(60);
    let started = Instant::now();
    let ids = scene.reachable();
    let longest = lasting(&scene, &ids[0]);
    let load = Load {
        scene: &scene,
        ids,
        left: AtomicUsize::new(kills),
        whole: AtomicUsize::new(0),
        begun: Mutex::default(),
    };
    thread::scope(|scope| {
        for writer in 0..=WRITERS {
            let load = &load;
            scope.spawn(move || {
                let mut chance = StdRng::seed_from_u64(seed + writer as u64);
                match writer {
                    WRITERS => load.sync(&mut chance, longest),
                    _ => load.write(writer, &mut chance, longest),
                }
            });
        }
    });
    let rounds = scene.sync_until_quiet();
    let (whole, begun) = (load.whole.into_inner(), load.begun.into_inner().expect("no panic"));
    let mut figures: BTreeMap<&str, usize> = BTreeMap::new();
    for Begun { word, records, acknowledged } in &begun {
        let there = scene.arrived(word);
        let fate = match there {
            0 if *acknowledged => "lost",
            0 => "never written",
            _ if there > *records => "doubled",
            _ if there < *records => "torn",
            _ if *acknowledged => "acknowledged and there",
            _ => "unsaid and there",
        };
        *figures.entry(fate).or_default() += 1;
    }
    let figure = |name: &str| figures.get(name).copied().unwrap_or(0);
    let stuck = scene.states().iter().filter(|state| *state != "done").count();
    println!(
        "{whole} random kills -9 under load (seed {seed}, {:?}): {} commands begun, {} acknowledged and \
         there, {} killed before they said so and there, {} killed before anything was written; \
         lost {}, doubled {}, torn {}, stuck {stuck}; integrity ok {whole} times; quiet after {rounds} syncs",
        started.elapsed(),
        begun.len(),
        figure("acknowledged and there"),
        figure("unsaid and there"),
        figure("never written"),
        figure("lost"),
        figure("doubled"),
        figure("torn"),
    );
    assert_eq!((figure("lost"), figure("doubled"), figure("torn"), stuck), (0, 0, 0, 0));
    assert!(whole >= kills && scene.integrity() == "ok");
    // The kills met commands before their commit and after it.
    assert!(kills < 50 || (figure("never written") > 0 && figure("unsaid and there") > 0), "{figures:?}");
    assert!(figure("acknowledged and there") > 0);
}

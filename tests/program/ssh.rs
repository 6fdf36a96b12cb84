//! Over a real sshd on loopback, run by the user of the test with keys of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::home::{Home, SIYU};
use crate::terminal::{PATIENCE, Terminal};

/// An sshd that is gone when the test ends.
struct Sshd {
    child: Child,
    folder: PathBuf,
    port: u16,
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn key(path: &Path) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status()
        .expect("ssh-keygen comes with ssh");
    assert!(made.success());
}

impl Sshd {
    /// Starts one; says why not where it cannot be.
    fn start(home: &Home) -> Result<Self, String> {
        let sshd = program("sshd").ok_or("there is no sshd")?;
        program("ssh").ok_or("there is no ssh")?;
        let folder = home.path("ssh");
        fs::create_dir(&folder).expect("a folder for keys");
        key(&folder.join("host"));
        key(&folder.join("user"));
        fs::copy(folder.join("user.pub"), folder.join("authorized")).expect("a list of keys");
        fs::set_permissions(folder.join("authorized"), fs::Permissions::from_mode(0o600))
            .expect("it is ours");
        // A port that was free a moment ago; another may take it, and then sshd says so and ends.
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
        let port = port.expect("loopback has a free port").port();
        let at = folder.display();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {at}/host\nPidFile none\nUsePAM no\n\
             AuthorizedKeysFile {at}/authorized\nStrictModes no\nPasswordAuthentication no\n\
             PermitRootLogin prohibit-password\nPrintMotd no\nPrintLastLog no\nLogLevel VERBOSE\n"
        );
        fs::write(folder.join("config"), config).expect("its configuration");
        if rustix::process::geteuid().is_root() {
            // Debian's asks for this folder, which its service makes at boot.
            let _ = fs::create_dir_all("/run/sshd"); // sshd says so itself where it is missing
        }
        let mut child = Command::new(&sshd)
            .args(["-D", "-e", "-f"])
            .arg(folder.join("config"))
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", sshd.display()))?;
        let says = child.stderr.take().expect("it was asked for");
        let (tell, ready) = channel();
        thread::spawn(move || {
            // Reads on until the end: sshd must not be stuck on what it says.
            for line in BufReader::new(says).lines().map_while(Result::ok) {
                let _ = tell.send(line); // the test may be over
            }
        });
        let mut said = String::new();
        while let Ok(line) = ready.recv_timeout(PATIENCE) {
            if line.contains("Server listening on") {
                return Ok(Self { child, folder, port });
            }
            said.push_str(&line);
        }
        let _ = child.kill(); // it may have ended already
        let _ = child.wait();
        Err(format!("sshd does not start here: {said}"))
    }

    /// A command over ssh, on a terminal.
    fn open(&self, home: &Home, command: &str) -> Terminal {
        let mut ssh = CommandBuilder::new(program("ssh").expect("it was there"));
        let user = rustix_user();
        ssh.args([
            "-tt",
            "-F",
            "none",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
        ]);
        ssh.args(["-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-o", "IdentityAgent=none", "-i"]);
        ssh.arg(self.folder.join("user"));
        ssh.args(["-p", &self.port.to_string(), &format!("{user}@127.0.0.1"), command]);
        home.open_command(ssh, (120, 40))
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended already
        let _ = self.child.wait();
    }
}

fn rustix_user() -> String {
    let output = Command::new("id").arg("-un").output().expect("every Unix has id");
    String::from_utf8(output.stdout).expect("a name").trim().to_owned()
}

/// A pipe with a name that the program holds open: it ends when the program does.
struct Life {
    path: PathBuf,
    over: Receiver<Instant>,
}

impl Life {
    fn new(home: &Home) -> Self {
        let path = home.path("life");
        let made = Command::new("mkfifo").arg(&path).status().expect("every Unix has mkfifo");
        assert!(made.success());
        let (tell, over) = channel();
        let from = path.clone();
        thread::spawn(move || {
            let mut file = File::open(from).expect("the pipe was made");
            let _ = file.read_to_end(&mut Vec::new());
            let _ = tell.send(Instant::now()); // the test may be over
        });
        Self { path, over }
    }
}

#[test]
fn over_ssh_it_works_and_a_lost_client_ends_it_within_a_second() {
    let home = Home::new();
    let sshd = match Sshd::start(&home) {
        Ok(sshd) => sshd,
        Err(why) => {
            eprintln!("skipped: {why}");
            return;
        }
    };
    let arguments = home.arguments(&["--lang", "zh", "demo", "--customers", "300", "--still"]).join(" ");
    let kept = format!("HOME={} XDG_STATE_HOME={}", home.path("").display(), home.path("state").display());
    let life = Life::new(&home);
    let command = format!("{kept} exec {SIYU} {arguments} 9>{}", life.path.display());

    let mut terminal = sshd.open(&home, &command);
    terminal.wait_for_rows();
    terminal.keys("/王\r");
    terminal.wait_text("筛选: 王");
    assert!(life.over.try_recv().is_err(), "the program holds the pipe open");
    let killed = Instant::now();
    terminal.signal(Signal::KILL);
    let ended = life.over.recv_timeout(PATIENCE).expect("the program ends when its client is killed");
    let took = ended.saturating_duration_since(killed);
    assert!(took < Duration::from_secs(1), "it took {took:?} to end");
    drop(terminal);

    let mut next = sshd.open(&home, &format!("{kept} exec {SIYU} {arguments}"));
    next.wait_for_rows();
    next.wait_text("g p");
    next.keys("gp");
    next.wait_text("筛选: 王");
    next.keys("\x11");
    let (status, _) = next.wait_exit();
    assert!(status.success(), "{status}");
}

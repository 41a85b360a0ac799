"""What the tests of workers share: servers of their own on loopback, started and ended by id."""
import glob, json, os, pwd, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request


def missing():
    """What is not on the machine; empty for nothing."""
    if not shutil.which("redis-server"):
        return "redis-server"
    if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        return "postgresql"
    return ""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, condition, patience=30):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what}: not within {patience} s")
        time.sleep(0.02)


class Folder:
    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="braid-cluster-")
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Redis:
    """Keeps what it acknowledged over a kill: what was written before it answered is in its append-only file."""

    def __init__(self, folder):
        self.port, self.folder, self.child = free_port(), f"{folder}/redis", None
        os.mkdir(self.folder)
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.child = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--save", "",
             "--appendonly", "yes"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("redis-server", self.answers)

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as one:
                one.sendall(b"PING\r\n")
                return one.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def info(self):
        with socket.create_connection(("127.0.0.1", self.port), 5) as one:
            one.sendall(b"INFO\r\n")
            text = b""
            while b"# Keyspace" not in text:
                text += one.recv(65536)
        return dict(line.split(":", 1) for line in text.decode().split("\r\n") if ":" in line)

    def stop(self):
        self.child.kill()
        self.child.wait()


class Postgres:
    def __init__(self, folder):
        self.folder, self.programs = f"{folder}/pg", sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        os.mkdir(self.folder)
        self.other = []
        if os.geteuid() == 0:
            # The server refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chmod(folder, 0o755)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        subprocess.run(self.other + [f"{self.programs}/initdb", "-D", f"{self.folder}/data", "-U", "braid", "-A", "trust", "-E",
                                     "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, **quiet)
        self.child = subprocess.Popen(self.other + [f"{self.programs}/postgres", "-D", f"{self.folder}/data", "-k", self.folder,
                                                    "-c", "listen_addresses=", "-c", "fsync=off"], **quiet)
        self.url = f"postgresql://braid@/postgres?host={self.folder}"
        ready = [f"{self.programs}/pg_isready", "-q", "-h", self.folder]
        until("postgres", lambda: subprocess.run(ready).returncode == 0)

    def value(self, sql):
        done = subprocess.run([f"{self.programs}/psql", "-h", self.folder, "-U", "braid", "-Atc", sql, "postgres"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    def stop(self):
        self.child.send_signal(signal.SIGQUIT)
        self.child.wait()


class Origin:
    def __init__(self, bin_dir, *arguments, log=""):
        self.path = log
        more = ["--log", log] if log else []
        self.child = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", *arguments, *more],
                                      stdout=subprocess.PIPE, text=True)
        line = self.child.stdout.readline()
        self.url = line[line.index("http://"):].split()[0]

    def searches(self):
        with urllib.request.urlopen(self.url + "/stats", timeout=10) as answer:
            return json.load(answer)["searches"]

    def log(self):
        """What came in, in order: seconds, address, engine, query."""
        with open(self.path) as file:
            lines = [line.rstrip("\n").split("\t") for line in file if line.endswith("\n")]
        return [(float(line[0]), *line[1:]) for line in lines]

    def stop(self):
        self.child.kill()
        self.child.wait()


def greatest_rate(moments, window):
    """The most moments within any `window` seconds, a second."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most / window

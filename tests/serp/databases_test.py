"""The same run, once into SQLite and once into PostgreSQL, killed with SIGKILL at random moments and gone on with: both
databases hold the same rows, each as a whole, and their records are the same.

usage: databases_test.py BIN_DIR [QUERIES [KILLS [SEED]]]

One engine answers through faults, one always blocks, one always fails: each ends the same however often it was asked.
What a record says of the way there (times, attempts, the context) differs from run to run and is not compared.
"""
import contextlib, glob, json, os, random, signal, sqlite3, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker"))
from cluster import Folder, Origin, Postgres

bin_dir = sys.argv[1]
queries, kills, seed = [int(a) for a in sys.argv[2:]] + [120, 6, 1][len(sys.argv) - 2:]
engines = ("google", "bing", "brave")
records = queries * len(engines)
faults = "reset:0.04,truncate:0.04,429:0.02,503:0.02"
of_the_way = ("created_at", "processed_at", "total_time_taken", "stage_times", "attempts", "context")
wanted_errors = {"google": None, "bing": "blocked", "brave": "bad_status"}


def size(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def life(command, log, more):
    """Starts the run and kills it once `more` bytes were added to the log of what was asked. None when it was killed."""
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    if more is not None:
        enough = size(log) + more
        while child.poll() is None and size(log) < enough:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
    _, said = child.communicate()
    if child.returncode == -signal.SIGKILL:
        return None
    if child.returncode not in (0, 1):
        sys.exit(f"braid-serp ended with {child.returncode}:\n{said}")
    return said


def run(folder, name, out, rows):
    """How often it was killed, and how often between its first row and its last."""
    random.seed(seed)
    state, log = f"{folder}/{name}.state", f"{folder}/{name}.log"
    site = Origin(bin_dir, "--latency", "20ms", "--seed", "7", "--fault", faults, log=log)
    wall = Origin(bin_dir, "--latency", "20ms", "--seed", "7", "--fault", "block:1")
    command = [f"{bin_dir}/braid-serp", "fetch", "--queries", f"{folder}/queries", "--engine", ",".join(engines), "--endpoint",
               f"google={site.url}/google", "--endpoint", f"bing={wall.url}/bing", "--endpoint", f"brave={site.url}/status/404",
               "--out", out, "--state", state, "--concurrency", "8", "--retries", "40", "--timeout", "20", "--progress", "none"]
    killed = at_work = 0
    try:
        # A line of the log is about 60 bytes; a life asks for less than its share of what there is.
        share = queries * 30 // kills
        for _ in range(kills):
            if life(command, log, random.randrange(share)) is not None:
                break
            killed += 1
            at_work += 0 < rows() < records
        else:
            life(command, log, None)
        said = life(command, log, None)
        assert f"{records} done in an earlier run, 0 left" in said, said
    finally:
        site.stop()
        wall.stop()
    return killed, at_work


def comparable(row):
    row = {name: value for name, value in row.items() if name not in of_the_way}
    record = json.loads(row["record"])
    for name in of_the_way:
        record["search_metadata"].pop(name, None)
    # Each run has an origin of its own.
    text = json.dumps(record, sort_keys=True)
    for name in ("engine_url", "final_url"):
        address = record["search_metadata"].get(name, "")
        text = text.replace("/".join(address.split("/")[:3]), "http://origin") if address else text
    if row.get("final_url"):
        row["final_url"] = "/".join(row["final_url"].split("/")[3:])
    row["record"] = text
    return row


def sqlite_rows(path):
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute("SELECT * FROM results ORDER BY id")]


def sqlite_count(path):
    try:
        with contextlib.closing(sqlite3.connect(path)) as file:
            return file.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def main(folder, postgres):
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"it's \"query\" | {i} \\ \u00f6 \u4e2d\n" for i in range(queries))
    begin = time.monotonic()
    path = f"{folder}/r.sqlite"
    deaths = {"SQLite": run(folder, "sqlite", path, lambda: sqlite_count(path)),
              "PostgreSQL": run(folder, "postgres", postgres.url, lambda: int(postgres.value("SELECT count(*) FROM results") or 0))}
    there = sqlite_rows(path)
    # No row has a line end in it: JSON escapes them.
    here = [json.loads(line) for line in postgres.value('SELECT row_to_json(r) FROM results r ORDER BY id COLLATE "C"').split("\n")]
    same = sum(comparable(a) == comparable(b) for a, b in zip(there, here))
    print(f"{len(there)} rows in SQLite, {len(here)} in PostgreSQL, {same} the same; " +
          ", ".join(f"{name} killed {k} times, {w} of them with some rows saved" for name, (k, w) in deaths.items()) +
          f"; {time.monotonic() - begin:.1f} s")
    for a, b in zip(there, here):
        assert comparable(a) == comparable(b), f"\n{comparable(a)}\n{comparable(b)}"
        error = json.loads(a["record"]).get("error", {}).get("code")
        assert error == a["error_code"] == wanted_errors[a["engine"]], (a["engine"], error, a["error_code"])
        assert (a["status"] == "Success") == (a["engine"] == "google"), a
    assert len(there) == len(here) == records == len({row["id"] for row in there})
    for name, (killed, at_work) in deaths.items():
        assert killed >= kills * 2 // 3 and at_work > 0, f"{name}: too few kills to show anything"


if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
    print("[skipped] postgresql is not installed")
    sys.exit(0)
with Folder() as folder:
    postgres = Postgres(folder)
    try:
        main(folder, postgres)
    finally:
        postgres.stop()

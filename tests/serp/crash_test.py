"""braid-serp fetch --state, killed at random moments of a run through faults, and started again each time.

usage: crash_test.py BIN_DIR [QUERIES [KILLS [SEED]]]

In the end each query has exactly one record: none is lost, none is there twice.
"""
import json, os, random, shutil, signal, subprocess, sys, tempfile, time

bin_dir = sys.argv[1]
queries, kills, seed = [int(a) for a in sys.argv[2:]] + [300, 10, 1][len(sys.argv) - 2:]
random.seed(seed)
faults = "reset:0.03,truncate:0.03,429:0.03,503:0.03,block:0.03"


def start_origin():
    origin = subprocess.Popen(
        [f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", "--latency", "40ms", "--seed", "3", "--fault", faults],
        stdout=subprocess.PIPE, text=True)
    line = origin.stdout.readline()
    return origin, line[line.index("http://"):].split()[0]


def run(command, lifetime):
    """Its exit code, None when it was killed after `lifetime` seconds."""
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        _, said = child.communicate(timeout=lifetime)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.communicate()
        return None
    if child.returncode not in (0, 1, 3):
        sys.exit(f"braid-serp ended with {child.returncode}:\n{said}")
    return child.returncode


def records(path):
    if not os.path.exists(path):
        return []
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    return [json.loads(line) for line in lines[:-1]]


def main(folder, url):
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query number {i}\n" for i in range(queries))
    out = f"{folder}/r.jsonl"
    command = [f"{bin_dir}/braid-serp", "fetch", "--queries", f"{folder}/queries", "--endpoint", f"google={url}/google",
               "--out", out, "--state", f"{folder}/state", "--concurrency", "8", "--retries", "1", "--timeout", "5",
               "--rate", "0", "--progress", "none"]
    killed = 0
    # How long a life lasts is found out on the way: some end before the first record, the last comes to the end.
    life = 0.3
    while killed < kills:
        before = len(records(out))
        code = run(command, random.uniform(0.01, life))
        if code is not None:
            if killed == 0:
                sys.exit(f"{queries} queries are over before the first kill")
            break
        killed += 1
        made = len(records(out)) - before
        left = queries - len(records(out))
        if made * (kills - killed) > left:
            life = max(life * 0.8, 0.02)
        elif made * (kills - killed) < left / 2:
            life = min(life * 1.2, 2)
    code = run(command, 600)
    found = records(out)
    ids = [one["search_metadata"]["id"] for one in found]
    texts = {one["search_parameters"]["q"] for one in found}
    print(f"{len(found)} records of {len(set(ids))} queries after {killed} kills, exit code {code}")
    wanted = {f"query number {i}" for i in range(queries)}
    if len(found) != queries or len(set(ids)) != queries or texts != wanted:
        sys.exit(f"expected {queries}, each once")


folder = tempfile.mkdtemp(prefix="braid-crash-")
origin = None
try:
    origin, url = start_origin()
    main(folder, url)
finally:
    if origin:
        origin.kill()
        origin.wait()
    shutil.rmtree(folder, ignore_errors=True)

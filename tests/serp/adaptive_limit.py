"""Throughput of an adaptive limit, started far too high, beside fixed ones, against an origin that gets less done beyond 64
requests at once.

usage: adaptive_limit.py BIN_DIR [QUERIES]     fails under 80 % of the best fixed limit; figures need a machine that is idle
"""
import datetime, json, os, shutil, subprocess, sys, tempfile

bin_dir = sys.argv[1]
queries = int(sys.argv[2]) if len(sys.argv) > 2 else 20000


def records_per_second(folder, url, limit, count):
    """In the last half of the run, when a limit that adapts has found its place."""
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query {i}\n" for i in range(count))
    subprocess.run([f"{bin_dir}/braid-serp", "fetch", "--queries", f"{folder}/queries", "--endpoint", f"google={url}/google",
                    "--concurrency", limit, "--out", f"{folder}/out.jsonl", "--log", f"{folder}/log", "--progress", "none"],
                   check=True, stderr=subprocess.DEVNULL)
    times = []
    with open(f"{folder}/log") as file:
        for line in file:
            event = json.loads(line)
            if event["event"] == "record":
                times.append(datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")))
    for name in ("log", "out.jsonl"):
        os.remove(f"{folder}/{name}")
    half = times[len(times) // 2:]
    return len(half) / (half[-1] - half[0]).total_seconds()


def main(folder):
    origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", "--latency", "100ms", "--capacity", "64",
                               "--page-bytes", "2000"], stdout=subprocess.PIPE, text=True)
    try:
        line = origin.stdout.readline()
        url = line[line.index("http://"):].split()[0]
        best = 0
        for limit in ("16", "32", "64", "96", "128"):
            found = records_per_second(folder, url, limit, max(queries // 5, 1000))
            best = max(best, found)
            print(f"{limit:>9} at once: {found:7.0f} records/s", flush=True)
        found = records_per_second(folder, url, "auto:1000", queries)
        print(f"auto:1000        : {found:7.0f} records/s, {100 * found / best:.1f} % of the best fixed limit")
    finally:
        origin.kill()
        origin.wait()
    return 0 if found >= 0.8 * best else 1


folder = tempfile.mkdtemp(prefix="braid-limit-")
try:
    code = main(folder)
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(code)

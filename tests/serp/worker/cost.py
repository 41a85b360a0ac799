"""What Redis costs for each record, and what a second worker adds. Run by hand, on a machine that is quiet.

usage: cost.py BIN_DIR [QUERIES [CONCURRENCY]]

Each worker has a core of its own (0 and 1); the servers may use both.
"""
import resource
import subprocess
import sys
import time

from cluster import Folder, Origin, Postgres, Redis, missing

bin_dir = sys.argv[1]
queries, concurrency = [int(a) for a in sys.argv[2:]] + [4000, 32][len(sys.argv) - 2:]


def run(folder, redis, postgres, origin, name, cores):
    with open(f"{folder}/{name}", "w") as file:
        file.writelines(f"{name} number {i}\n" for i in range(queries))
    subprocess.run([f"{bin_dir}/braid-serp", "fetch", "--redis", redis.url, "--queue", name, "--queries", f"{folder}/{name}"],
                   check=True, stderr=subprocess.DEVNULL)
    before, used, begin = redis.info(), resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    workers = [subprocess.Popen(
        ["taskset", "-c", str(core), f"{bin_dir}/braid-serp", "worker", "--redis", redis.url, "--queue", name, "--out", postgres.url,
         "--endpoint", f"google={origin.url}/google", "--rate", "0", "--concurrency", str(concurrency), "--until-empty"],
        stderr=subprocess.DEVNULL) for core in cores]
    codes = [one.wait() for one in workers]
    seconds, after, own = time.monotonic() - begin, redis.info(), resource.getrusage(resource.RUSAGE_CHILDREN)
    assert codes == [0] * len(cores) and postgres.value(f"SELECT count(*) FROM results WHERE query LIKE '{name} %'") == str(queries)

    def each(key):
        return (float(after[key]) - float(before[key])) / queries

    server = (each("used_cpu_sys") + each("used_cpu_user")) * 1e6
    worker = (own.ru_utime + own.ru_stime - used.ru_utime - used.ru_stime) / queries * 1e6
    print(f"{name}: {queries / seconds:.0f} records/s; a record: {each('total_commands_processed'):.1f} commands in Redis "
          f"(those in scripts as well), {server:.0f} us of its CPU, {each('total_net_input_bytes'):.0f} bytes in and "
          f"{each('total_net_output_bytes'):.0f} out, {worker:.0f} us of CPU in workers", flush=True)
    return queries / seconds


if missing():
    sys.exit(f"{missing()} is not installed")
with Folder() as folder:
    running = []
    try:
        running.append(Redis(folder))
        empty = int(running[0].info()["used_memory"])
        running.append(Postgres(folder))
        running.append(Origin(bin_dir, "--latency", "100ms"))
        one = run(folder, *running, "one", [0])
        two = run(folder, *running, "two", [0, 1])
        kept = (int(running[0].info()["used_memory"]) - empty) / (2 * queries)
        print(f"two workers: {two / one:.2f} times one; Redis keeps {kept:.0f} bytes a record that is done (its key)")
    finally:
        for each in reversed(running):
            each.stop()

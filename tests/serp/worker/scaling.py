"""How much more two workers do than one when the processor is the bound. Run by hand, on a machine that is quiet.

usage: scaling.py BIN_DIR PAGES [QUERIES [ROUNDS [LEAST_BYTES]]]

PAGES is a folder of saved pages with index.jsonl. Google's result pages of LEAST_BYTES and more are taken, which the origin
hands out from memory, so that parsing them is the work. Each worker has a core of its own (0 and 1). The servers have no core to themselves on a machine of two: what
they take is measured, and said.
"""
import gzip, json, os, resource, statistics, subprocess, sys, time

from cluster import Folder, Origin, Postgres, Redis, missing

bin_dir, pages = sys.argv[1:3]
queries, rounds, least = [int(a) for a in sys.argv[3:]] + [1000, 3, 500_000][len(sys.argv) - 3:]
tick = os.sysconf("SC_CLK_TCK")


def seconds_of(pid):
    """Processor time of a process and of its children, ended or not."""
    def times(of, fields):
        try:
            with open(f"/proc/{of}/stat") as file:
                words = file.read().rsplit(")", 1)[1].split()
        except OSError:
            return 0
        return sum(int(words[i]) for i in fields) / tick
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
    except OSError:
        children = []
    return times(pid, (11, 12, 13, 14)) + sum(times(child, (11, 12)) for child in children)


def large_pages(folder):
    os.mkdir(f"{folder}/pages")
    sizes = []
    with open(f"{pages}/index.jsonl") as index, open(f"{folder}/pages/index.jsonl", "w") as chosen:
        for line in index:
            one = json.loads(line)
            if one["engine"] != "google" or one["kind"] != "results":
                continue
            with (gzip.open if one["file"].endswith(".gz") else open)(f"{pages}/{one['file']}", "rb") as file:
                size = len(file.read())
            if size >= least:
                sizes.append(size)
                chosen.write(json.dumps(one | {"file": os.path.abspath(f"{pages}/{one['file']}")}) + "\n")
    print(f"{len(sizes)} pages of {statistics.mean(sizes) / 1000:.0f} KB on average", flush=True)
    return f"{folder}/pages"


def run(folder, redis, servers, origin, out, name, cores):
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"{name} number {i}\n" for i in range(queries))
    subprocess.run([f"{bin_dir}/braid-serp", "fetch", "--redis", redis.url, "--queue", name, "--queries", f"{folder}/queries"],
                   check=True, stderr=subprocess.DEVNULL)
    of_servers = sum(seconds_of(one.child.pid) for one in servers)
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    workers = [subprocess.Popen(
        ["taskset", "-c", str(core), f"{bin_dir}/braid-serp", "worker", "--redis", redis.url, "--queue", name,
         "--out", out or f"{folder}/{name}-{core}.jsonl", "--endpoint", f"google={origin.url}/google", "--rate", "0",
         "--concurrency", "8", "--until-empty"], stderr=subprocess.DEVNULL) for core in cores]
    codes = [one.wait() for one in workers]
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert codes == [0] * len(cores), codes
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    others = sum(seconds_of(one.child.pid) for one in servers) - of_servers
    return queries / wall, own / queries * 1000, others / queries * 1000


if missing():
    sys.exit(f"{missing()} is not installed")
with Folder() as folder:
    servers = []
    try:
        servers = [Redis(folder), Origin(bin_dir, "--pages", large_pages(folder)), Postgres(folder)]
        redis, origin, postgres = servers
        for kind, out in (("jsonl", ""), ("postgres", postgres.url)):
            figures = {1: [], 2: []}
            for i in range(rounds):
                for count in (1, 2):
                    figures[count].append(run(folder, redis, servers, origin, out, f"{kind}{i}{count}", range(count)))
            middle = {count: [statistics.median(one[i] for one in all) for i in range(3)] for count, all in figures.items()}
            for count, (rate, own, others) in middle.items():
                print(f"{kind}, {count} worker{'s' * (count - 1)}: {rate:.0f} records/s; a record takes {own:.2f} ms of the "
                      f"workers' processor time, {others:.2f} ms of the servers'", flush=True)
            (one, own, others), two = middle[1], middle[2]
            print(f"{kind}: two are {two[0] / one:.2f} times one; a second core that has the servers' work to do as well allows "
                  f"{2 * own / (own + others):.2f}; processor time of a worker for a record: {two[1] / own:.2f} times",
                  flush=True)
    finally:
        for each in reversed(servers):
            each.stop()

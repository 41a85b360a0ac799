"""Two braid-serp workers on one queue, one of them killed every few seconds, Redis killed once, an origin with faults.

usage: crash_test.py BIN_DIR [QUERIES [RATE [SECONDS_BETWEEN_KILLS [SEED]]]]

In the end PostgreSQL has each record once, and the origin never saw more requests than the rate of the queue allows.
"""
import json, random, signal, subprocess, sys, threading, time

from cluster import Folder, Origin, Postgres, Redis, missing, until

bin_dir = sys.argv[1]
given = [float(a) for a in sys.argv[2:]]
queries, rate, between, seed = given + [500, 100, 0.7, 1][len(given):]
queries = int(queries)
random.seed(int(seed))
window = 3  # seconds over which the rate is looked at
faults = "reset:0.03,truncate:0.03,429:0.03,503:0.03,block:0.03"


class Watch(threading.Thread):
    """The origin's own count of searches, over time."""

    def __init__(self, origin):
        super().__init__(daemon=True)
        self.origin, self.samples, self.over = origin, [], threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            before = time.monotonic()
            count = self.origin.searches()
            # Counted somewhere in between.
            self.samples.append((before, time.monotonic(), count))

    def greatest_rate(self):
        greatest, j = 0, 0
        for _, after, count in self.samples:
            while j < len(self.samples) and self.samples[j][0] - after < window:
                j += 1
            if j == len(self.samples):
                break
            greatest = max(greatest, (self.samples[j][2] - count) / (self.samples[j][1] - after))
        return greatest


def queue(redis):
    done = subprocess.run([f"{bin_dir}/braid-serp", "queue", "--redis", redis.url, "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    if done.returncode > 1:
        return None
    state = json.loads(done.stdout)
    state["open"] = sum(e["lag"] + e["pending"] + e["delayed"] for e in state["engines"])
    state["pending"] = sum(e["pending"] for e in state["engines"])
    return state


def main(folder, redis, postgres, origin):
    log = open(f"{folder}/log", "w")

    def start():
        return subprocess.Popen(
            [f"{bin_dir}/braid-serp", "worker", "--redis", redis.url, "--out", postgres.url, "--lease", "2", "--rate", str(rate),
             "--endpoint", f"google={origin.url}/google", "--concurrency", "32", "--retries", "2", "--timeout", "5",
             "--deliveries", "50"], stderr=log)

    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query number {i}\n" for i in range(queries))
    enqueue = [f"{bin_dir}/braid-serp", "fetch", "--redis", redis.url, "--queries", f"{folder}/queries"]
    for _ in range(2):  # the second time all are known
        subprocess.run(enqueue, check=True, stderr=log)
    assert queue(redis)["open"] == queries, queue(redis)
    watch = Watch(origin)
    watch.start()
    workers = [start(), start()]
    kills = at_work = restarts = 0
    begin = time.monotonic()
    try:
        while True:
            time.sleep(random.uniform(0.7, 1.3) * between)
            state = queue(redis)
            if state and state["open"] == 0:
                break
            if time.monotonic() - begin > 60 + 10 * queries / rate:
                sys.exit(f"not done in time: {state}")
            victim = random.randrange(2)
            if workers[victim].poll() is not None:
                sys.exit(f"a worker ended by itself with {workers[victim].returncode}:\n" + open(f"{folder}/log").read())
            workers[victim].kill()
            landed = workers[victim].wait() == -signal.SIGKILL
            kills += landed
            at_work += bool(landed and state and state["pending"] > 0)
            workers[victim] = start()
            if kills >= 3 and restarts == 0:
                redis.stop()
                time.sleep(0.3)
                redis.start()
                restarts = 1
        # Told to end, they end in order.
        for one in workers:
            one.terminate()
        codes = [one.wait(30) for one in workers]
    finally:
        for one in workers:
            if one.poll() is None:
                one.kill()
                one.wait()
    time.sleep(0.1)
    watch.over.set()
    watch.join()
    state = queue(redis)
    rows, ids = postgres.value("SELECT count(*) || ' ' || count(DISTINCT query) FROM results").split()
    greatest = watch.greatest_rate()
    print(f"{rows} rows of {ids} queries after {kills} kills ({at_work} of them with requests under way) and {restarts} "
          f"restart of Redis in {time.monotonic() - begin:.1f} s; {origin.searches()} searches, at most {greatest:.1f}/s "
          f"over {window} s of {rate:.0f}/s; exit codes {codes}; dead {state['dead']}")
    assert kills >= 4 and at_work >= 2 and restarts == 1, "too few kills to show anything"
    assert rows == ids == str(queries), f"expected {queries}, each once"
    assert state["dead"] == 0 and state["open"] == 0
    assert codes == [0, 0], open(f"{folder}/log").read()
    assert sum(e["done"] for e in state["engines"]) == queries
    assert greatest <= rate * 1.05, "faster than the queue allows"


if missing():
    print(f"[skipped] {missing()} is not installed")
    sys.exit(0)
with Folder() as folder:
    running = []
    try:
        running.append(Redis(folder))
        running.append(Postgres(folder))
        running.append(Origin(bin_dir, "--latency", "40ms", "--seed", "3", "--fault", faults))
        main(folder, *running)
    finally:
        for one in reversed(running):
            one.stop()

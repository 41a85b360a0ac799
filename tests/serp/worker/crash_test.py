"""Two braid-serp workers on one queue, each with an address of its own, one of them killed every few seconds, Redis killed
once, an origin with faults.

usage: crash_test.py BIN_DIR [RECORDS [RATE [SECONDS_BETWEEN_KILLS [SEED]]]]

In the end PostgreSQL has each record once, and the origin's own log shows that both workers asked, and that no engine was
asked faster than the rate of the queue allows.
"""
import json, random, signal, subprocess, sys, time

from cluster import Folder, Origin, Postgres, Redis, greatest_rate, missing

bin_dir = sys.argv[1]
given = [float(a) for a in sys.argv[2:]]
records, rate, between, seed = given + [2000, 50, 1.5, 1][len(given):]
engines, addresses = ("google", "bing"), ("127.0.0.2", "127.0.0.3")
queries = int(records) // len(engines)
records = queries * len(engines)
random.seed(int(seed))
faults = "reset:0.03,truncate:0.03,429:0.03,503:0.03,block:0.03"
# What a machine that stalls lets pile up is what is in flight. That is to be little beside what the rate allows in
# `window` seconds: no test of how fast the machine is.
window = 10
concurrency = max(2, int(rate * len(engines) * 0.06))


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

    def start(address):
        endpoints = [part for e in engines for part in ("--endpoint", f"{e}={origin.url}/{e}")]
        return subprocess.Popen(
            [f"{bin_dir}/braid-serp", "worker", "--redis", redis.url, "--out", postgres.url, "--interface", address,
             "--lease", "2", "--rate", str(rate), *endpoints, "--concurrency", str(concurrency), "--retries", "2",
             "--timeout", "5", "--deliveries", "50"], stderr=log)

    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query number {i}\n" for i in range(queries))
    enqueue = [f"{bin_dir}/braid-serp", "fetch", "--redis", redis.url, "--queries", f"{folder}/queries", "--engine",
               ",".join(engines)]
    for _ in range(2):  # the second time all are known
        subprocess.run(enqueue, check=True, stderr=log)
    assert queue(redis)["open"] == records, queue(redis)
    workers = [start(address) for address in addresses]
    kills = at_work = restarts = 0
    begin = time.monotonic()
    try:
        while True:
            time.sleep(random.uniform(0.7, 1.3) * between)
            state = queue(redis)
            if state and state["open"] == 0:
                break
            if time.monotonic() - begin > 120 + 10 * queries / rate:
                sys.exit(f"not done in time: {state}\n" + open(f"{folder}/log").read()[-4000:])
            victim = random.randrange(2)
            if workers[victim].poll() is not None:
                sys.exit(f"a worker ended by itself with {workers[victim].returncode}:\n" + open(f"{folder}/log").read())
            workers[victim].kill()
            landed = workers[victim].wait() == -signal.SIGKILL
            kills += landed
            at_work += bool(landed and state and state["pending"] > 0)
            workers[victim] = start(addresses[victim])
            if kills >= 3 and restarts == 0:
                redis.stop()
                time.sleep(0.3)
                redis.start()
                restarts = 1
        # Told to end, they end in order.
        for one in workers:
            one.terminate()
        codes = [one.wait(60) for one in workers]
    finally:
        for one in workers:
            if one.poll() is None:
                one.kill()
                one.wait()
    state = queue(redis)
    rows, ids = postgres.value("SELECT count(*) || ' ' || count(DISTINCT engine || ' ' || query) FROM results").split()
    asked = origin.log()
    by = {address: sum(1 for one in asked if one[1] == address) for address in addresses}
    rates = {e: greatest_rate([one[0] for one in asked if one[2] == e], window) for e in engines}
    print(f"{rows} rows of {ids} requests after {kills} kills ({at_work} of them with requests under way) and {restarts} "
          f"restart of Redis in {time.monotonic() - begin:.1f} s")
    print(f"the origin's log: {len(asked)} searches, {', '.join(f'{n} from {a}' for a, n in by.items())}; within any "
          f"{window} s at most {', '.join(f'{r:.1f}/s at {e}' for e, r in rates.items())} of {rate:.0f}/s")
    print(f"exit codes {codes}; dead {state['dead']}")
    assert kills >= 4 and at_work >= 2 and restarts == 1, "too few kills to show anything"
    assert rows == ids == str(records), f"expected {records}, each once"
    assert state["dead"] == 0 and state["open"] == 0
    assert codes == [0, 0], open(f"{folder}/log").read()
    assert sum(e["done"] for e in state["engines"]) == records
    assert sum(by.values()) == len(asked) == origin.searches(), "somebody else asked"
    assert min(by.values()) > len(asked) / 10, "one worker did it alone"
    assert {(e, q) for _, _, e, q in asked} == {(e, f"query number {i}") for e in engines for i in range(queries)}
    assert max(rates.values()) <= rate * 1.05, "faster than the queue allows"


if missing():
    print(f"[skipped] {missing()} is not installed")
    sys.exit(0)
with Folder() as folder:
    running = []
    try:
        running.append(Redis(folder))
        running.append(Postgres(folder))
        running.append(Origin(bin_dir, "--latency", "40ms", "--seed", "3", "--fault", faults, log=f"{folder}/searches"))
        main(folder, *running)
    finally:
        for one in reversed(running):
            one.stop()

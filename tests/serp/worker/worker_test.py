"""braid-serp worker, queue and fetch --redis: what they print and how they end.

usage: worker_test.py BIN_DIR
"""
import json, os, signal, subprocess, sys, time

from cluster import Folder, Origin, Redis, missing, until

serp = f"{sys.argv[1]}/braid-serp"


def run(*arguments, code=0):
    done = subprocess.run([serp, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def state(redis):
    one = json.loads(subprocess.run([serp, "queue", "--redis", redis.url, "--json"], stdout=subprocess.PIPE).stdout)
    return one["engines"][0] | {"dead": one["dead"]}


def counts(queue, code):
    return json.loads(run("queue", *queue, "--json", code=code))


def records(path):
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


def main(folder, redis, origin, slow):
    # Command lines.
    assert "redis://" in run("worker", "--help") and "requeue" in run("queue", "--help")
    for wrong in (["worker"], ["worker", "--redis", redis.url], ["worker", "--redis", "x", "--out", "a.jsonl"],
                  ["worker", "--redis", redis.url, "--out", "a.csv"], ["queue", "drop", "--redis", redis.url],
                  ["fetch", "a", "--wait"]):
        run(*wrong, code=2)
    said = run("queue", "--redis", "redis://:sesame@127.0.0.1:1", code=3)
    assert "refused" in said and "sesame" not in said, said

    # A batch to its end.
    out = f"{folder}/r.jsonl"
    common = ["--redis", redis.url, "--endpoint", f"google={origin.url}/google", "--out", out]
    assert "3 requests queued" in run("fetch", "a", "b", "c", "--redis", redis.url)
    assert "1 known before" in run("fetch", "a", "--redis", redis.url)
    run("worker", *common, "--until-empty")
    assert sorted(r["search_parameters"]["q"] for r in records(out)) == ["a", "b", "c"]
    assert state(redis)["done"] == 3
    assert "google" in run("queue", "--redis", redis.url)
    assert "google" not in run("queue", "--redis", redis.url, "--queue", "other")

    # A request is forgotten after the days that one says, and then taken again.
    for _ in range(2):
        assert "1 requests queued" in run("fetch", "short", "--redis", redis.url, "--queue", "short", "--remember", "0.000001").replace(",", "")
        time.sleep(1.1)
    assert "0 requests queued" in run("fetch", "a", "--redis", redis.url, "--remember", "30")

    # SIGTERM: what is in flight is finished, the rest is given back.
    run("fetch", *[f"slow {i}" for i in range(40)], "--redis", redis.url)
    worker = subprocess.Popen([serp, "worker", *common, "--rate", "20", "--concurrency", "4"], stderr=subprocess.PIPE, text=True)
    until("some records", lambda: len(records(out)) >= 6)
    worker.terminate()
    _, said = worker.communicate(timeout=30)
    after = state(redis)
    assert worker.returncode == 0, said
    assert after["pending"] == 0 and after["workers"] == 0, after
    assert after["done"] == len(records(out)) and after["done"] + after["lag"] + after["delayed"] == 43, after

    # Redis goes away and comes back: what was fetched meanwhile is kept.
    worker = subprocess.Popen([serp, "worker", *common, "--rate", "20", "--until-empty"], stderr=subprocess.PIPE, text=True)
    done = len(records(out))
    until("some more", lambda: len(records(out)) >= done + 3)
    redis.stop()
    time.sleep(0.5)
    assert worker.poll() is None
    redis.start()
    _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0 and "what has been fetched is kept" in said and "answers again" in said, said
    queries = [r["search_parameters"]["q"] for r in records(out)]
    assert len(queries) == len(set(queries)) == 43, len(queries)
    assert "nothing" not in run("fetch", "a", "--redis", redis.url, "--wait")

    # What came back once too often is dead until somebody queues it again, so many as --most says.
    deadly = ["--redis", redis.url, "--queue", "deadly"]
    run("fetch", "x", "y", "z", *deadly)
    holding = ["--endpoint", f"google={slow.url}/google", "--out", out, "--deliveries", "1", "--lease", "0.5"]
    worker = subprocess.Popen([serp, "worker", *deadly, *holding], stderr=subprocess.DEVNULL)
    until("all are taken", lambda: counts(deadly, 0)["engines"][0]["pending"] == 3)
    worker.kill()
    worker.wait()
    run("worker", *deadly, *holding, "--until-empty")
    assert counts(deadly, 1)["dead"] == 3
    assert "1 queued again" in run("queue", "requeue", *deadly, "--most", "1")
    assert counts(deadly, 1)["dead"] == 2
    assert "2 queued again" in run("queue", "requeue", *deadly)
    assert counts(deadly, 0)["dead"] == 0
    run("queue", *deadly, "--most", "-1", code=2)


if missing():
    print(f"[skipped] {missing()} is not installed")
    sys.exit(0)
with Folder() as folder:
    redis, origin, slow = Redis(folder), Origin(sys.argv[1], "--latency", "20ms"), Origin(sys.argv[1], "--fault", "stall:1")
    try:
        main(folder, redis, origin, slow)
    finally:
        origin.stop()
        slow.stop()
        redis.stop()

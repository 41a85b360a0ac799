"""A server with --state that is killed at random moments: every task that was accepted is done once in the end.

usage: restart_test.py BIN_DIR [TASKS [KILLS [SEED]]]
"""
import os, random, sqlite3, sys, tempfile, time

from server import check, client, main, origin, serve

tasks, kills, seed = [int(a) for a in sys.argv[2:]] + [1500, 5, 1][len(sys.argv) - 2:]


def test(bin_dir):
    random.seed(seed)
    site = origin(bin_dir, "--latency", "10ms", "--seed", "3", "--fault", "reset:0.03,503:0.03,block:0.03")
    with tempfile.TemporaryDirectory() as folder:
        options = ["--state", os.path.join(folder, "state"), "--concurrency", "8", "--cache", "0"]
        server = serve(bin_dir, site, *options)
        try:
            api = client(server)
            accepted = []
            for begin in range(0, tasks, 500):
                batch = {"tasks": [{"engine": "google", "q": f"bird {i}"} for i in range(begin, min(begin + 500, tasks))]}
                accepted += [one["id"] for one in api.call("POST", "/v1/task/batch", batch).json()["tasks"]]
            check(len(set(accepted)) == tasks, "all are accepted")
            counted = 0
            for _ in range(kills):
                time.sleep(random.uniform(0.02, 0.2))
                server.kill()
                server = serve(bin_dir, site, *options)
                api = client(server)
            # Ended in order in the middle of the work, it leaves what waits to the next one.
            check(server.end() == 0, server.said)
            server = serve(bin_dir, site, *options)
            api = client(server)
            deadline = time.monotonic() + 200
            for task in accepted:
                while api.call("GET", f"/v1/task/{task}").json()["status"] in ("waiting", "running"):
                    check(time.monotonic() < deadline, f"task {task} does not end")
                    time.sleep(0.02)
                record = api.call("GET", f"/v1/task/{task}/results").json()
                check(record["search_metadata"]["id"] == task, "its own record")
            for status in ["done", "failed", "waiting"]:
                print(status, end=" ")
                listed, cursor = 0, ""
                while cursor is not None:
                    page = api.call("GET", f"/v1/tasks?limit=1000&status={status}{cursor}").json()
                    listed += len(page["tasks"])
                    cursor = "&cursor=" + page["next_cursor"] if "next_cursor" in page else None
                print(listed)
                counted += listed
            check(counted == tasks, f"{counted} tasks of {tasks}")
            check(server.end() == 0, server.said)
        finally:
            server.kill()
            site.kill()


def misunderstood(bin_dir):
    """Tasks whose stored requests are no longer understood fail; the server starts, and does the others."""
    site = origin(bin_dir, "--latency", "2s")
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "state")
        server = serve(bin_dir, site, "--state", file)
        try:
            api = client(server)
            batch = {"tasks": [{"engine": "google", "q": f"bird {i}"} for i in range(1100)]}  # more than are in memory
            *wrong, good = [one["id"] for one in api.call("POST", "/v1/task/batch", batch).json()["tasks"]]
            server.kill()
            store = sqlite3.connect(file)
            store.execute("UPDATE tasks SET request = ? WHERE id <> ?", ('{"engine":"google","q":"x","gone":1}', good))
            store.commit()
            store.close()
            server = serve(bin_dir, site, "--state", file)
            api = client(server)
            results = api.call("GET", f"/v1/task/{wrong[-1]}/results")
            check(results.headers["Braid-Status"] == "failed" and "gone" in results.json()["error"]["message"], results.text)
            deadline = time.monotonic() + 60
            while api.call("GET", f"/v1/task/{good}").json()["status"] != "done":
                check(time.monotonic() < deadline, "the other task does not end")
                time.sleep(0.05)
        finally:
            server.kill()
            site.kill()


def both(bin_dir):
    misunderstood(bin_dir)
    test(bin_dir)


main(both)

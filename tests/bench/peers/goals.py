"""Runs the comparison and prints it beside its goals.   usage: goals.py BIN_DIR [--quick] [--json FILE]

Processor time is of the client alone, which has core 1; the server has core 0. Runs of the clients take turns, and the
least of each one's runs counts, since other load only adds. Ratios are of one run of this program."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import clients
import origins

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("PEERS_BUILD", os.path.join(tempfile.gettempdir(), "peers-build"))


class Table:
    def __init__(self):
        self.rows = []

    def add(self, figure, value, goal, against="", raw=None):
        """`value` and `goal` in the unit that `figure` names; None for what could not be measured, `against` why."""
        holds = None if value is None else value <= goal
        self.rows.append(dict(figure=figure, value=value, goal=goal, holds=holds, against=against, raw=raw or {}))
        shown = "-" if value is None else "%.2f" % value if value < 100 else "%.0f" % value
        limit = "%.2f" % goal if goal < 100 else "%.0f" % goal
        verdict = {None: "not measured", True: "yes", False: "no"}[holds]
        print("| %s | %s | <= %s | %s | %s |" % (figure, shown, limit, verdict, against), flush=True)


def take_turns(who, requests, concurrency, urls, rounds):
    """The least processor time of each client, in microseconds a request; url by client's name, or one for all."""
    best = {}
    for _ in range(rounds):
        for client in who:
            url = urls[client.name] if isinstance(urls, dict) else urls
            run = client.run(requests, concurrency, url)
            best[client.name] = min(best.get(client.name, float("inf")), run.cpu_us)
    return best


def compare(table, figure, goal, who, against, requests, concurrency, url, rounds):
    there = [client for client in who if client.available()]
    if against not in [client.name for client in there]:
        table.add(figure, None, goal, against + " is not installed")
        return
    try:
        best = take_turns(there, requests, concurrency, url, rounds)
    except RuntimeError as problem:
        table.add(figure, None, goal, str(problem).splitlines()[0])
        return
    others = ", ".join("%s %.2f" % (name, us / best[against]) for name, us in sorted(best.items(), key=lambda x: x[1]))
    table.add(figure, best["braid"] / best[against], goal, "µs: %s %.1f, braid %.1f; ratios: %s" % (against, best[against], best["braid"], others), best)


def counts(table, program):
    """Instructions and system calls of a GET, from the test that guards them."""
    instructions, calls = 6000, 2.1
    run = subprocess.run(["sh", HERE + "/../../http/cost/cost_test.sh", program, "Release", str(instructions), str(calls)],
                         capture_output=True, text=True)
    found = re.search(r"one turn: (\d+) instructions.*, ([\d.]+) system calls", run.stdout)
    why = (run.stdout + run.stderr).strip()
    table.add("user instructions a GET", float(found.group(1)) if found else None, instructions, "callgrind" if found else why)
    table.add("system calls a GET, 64 connections", float(found.group(2)) if found else None, calls, "strace -c" if found else why)


def calls_alone(table, client, url):
    """System calls of a GET at one connection, from the difference of two runs."""
    try:
        total = []
        for requests in (1000, 5000):
            with tempfile.NamedTemporaryFile("r") as log:
                subprocess.run(["strace", "-c", "-o", log.name] + client.command(requests, 1, url), check=True, capture_output=True)
                total.append(int(re.search(r"^\s*[\d.]+\s+[\d.]+\s+(?:\d+\s+)?(\d+)\s+(?:\d+\s+)?total", log.read(), re.M).group(1)))
        table.add("system calls a GET, one connection", (total[1] - total[0]) / 4000, 3.0, "strace -c")
    except (OSError, subprocess.CalledProcessError, AttributeError) as problem:
        table.add("system calls a GET, one connection", None, 3.0, "strace: %s" % problem)


def memory(table, who, url, many, rounds):
    """Resident memory for each of `many` requests under way, and their processor time, at an origin of 50 ms.

    The first of `who` says how many requests there are: connecting is part of the time, so each must spread it over as many."""
    few, each, cpu, requests = 16, {}, {}, many * 40
    try:
        for client in [c for c in who if c.available()]:
            base = client.run(2000, few, url).rss_kib
            runs = [client.run(requests, many, url) for _ in range(rounds)]
            requests = runs[0].requests
            each[client.name] = (min(run.rss_kib for run in runs) - base) / (many - few)
            cpu[client.name] = min(run.cpu_us for run in runs)
    except RuntimeError as problem:
        table.add("KiB a connection, %d of them" % many, None, 2.0, str(problem).splitlines()[0])
        return
    said = ", ".join("%s %.1f" % pair for pair in each.items())
    table.add("KiB a connection, %d of them" % many, each["braid"], 2.0, said, each)
    if "wrk" in cpu:
        said = ", ".join("%s %.1f µs" % pair for pair in cpu.items())
        table.add("CPU a GET there, against wrk", cpu["braid"] / cpu["wrk"], 0.80, said, cpu)


def tasks(table, program):
    goals = {"spawn": 350, "switch": 120, "channel": 50, "hop": 500}
    names = {"spawn": "ns to spawn and finish a task", "switch": "ns a switch", "channel": "ns through a channel",
             "hop": "ns a hop to another context, both busy"}
    try:
        out = subprocess.run([program], capture_output=True, text=True, timeout=120).stdout
    except subprocess.TimeoutExpired:
        out = ""
    told = dict(line.split() for line in out.splitlines())
    for name, goal in goals.items():
        table.add(names[name], float(told[name]) if name in told else None, goal, "" if name in told else "no answer in time")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("bin")
    options.add_argument("--quick", action="store_true", help="a tenth of the requests")
    options.add_argument("--json", help="the raw figures")
    args = options.parse_args()
    scale, rounds = (0.1, 2) if args.quick else (1, 5)
    program = lambda name: os.path.join(args.bin, name)
    braid, braid2 = clients.braid(program("http_peer")), clients.braid(program("http_peer"), "-2")
    peers = [clients.driver("libcurl", os.path.join(PEERS, "curl_multi"), "-m", "socket"),
             clients.driver("Go", os.path.join(PEERS, "go_nethttp")), clients.driver("hyper", os.path.join(PEERS, "rust_hyper"))]
    table = Table()
    n = lambda requests: int(requests * scale)
    print("| figure | here | goal | holds | measured |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        nginx = origins.Nginx(folder + "/nginx")
        try:
            compare(table, "CPU a GET of 1 KiB, 64 connections, against wrk", 0.90, [braid, clients.wrk(60000)] + peers, "wrk", n(200000), 64, nginx.plain + "/1k", rounds)
            compare(table, "CPU a GET of 32 KiB, 64 connections, against wrk", 0.85, [braid, clients.wrk(30000)] + peers, "wrk", n(100000), 64, nginx.plain + "/32k", rounds)
            compare(table, "CPU a GET over TLS, 64 connections, against wrk", 1.00, [braid, clients.wrk(25000)], "wrk", n(80000), 64, nginx.tls + "/1k", rounds)
            compare(table, "CPU a GET over HTTP/2, 64 streams, against h2load", 1.00, [braid2, clients.h2load()], "h2load", n(100000), 64, nginx.http2 + "/1k", rounds)
            pipelines = [clients.braid(program("serp_peer")), clients.driver("Go", os.path.join(PEERS, "go_serp")),
                         clients.driver("libcurl + libxml2", os.path.join(PEERS, "curl_libxml2_serp"))]
            compare(table, "CPU a page fetched, parsed and saved, 32 KiB, against Go", 0.50, pipelines, "Go", n(4000), 16, nginx.plain + "/results", rounds)
            counts(table, program("http_cost"))
            calls_alone(table, braid, nginx.plain + "/1k")
        finally:
            nginx.stop()
        slow = origins.Slow(program("braid-origin"))
        try:
            many = 1000 if args.quick else 10000
            memory(table, [clients.wrk(20000 if args.quick else 70000), braid], slow.plain + "/bytes/1024", many, 1 if args.quick else 3)
        finally:
            slow.stop()
    tasks(table, program("task_costs"))
    if args.json:
        with open(args.json, "w") as out:
            json.dump(table.rows, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())

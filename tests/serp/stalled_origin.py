"""How much it costs nineteen origins that the twentieth stalls: their throughput then over that when it is well.

usage: stalled_origin.py BIN_DIR [QUERIES [CONCURRENCY]]     fails under 95 %; figures need a machine that is idle
"""
import datetime, json, os, shutil, subprocess, sys, tempfile

bin_dir = sys.argv[1]
queries, concurrency = [int(a) for a in sys.argv[2:4]] + [200, 100][len(sys.argv[2:4]):]


def start_origin(*options):
    origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", *options], stdout=subprocess.PIPE, text=True)
    line = origin.stdout.readline()
    return origin, line[line.index("http://"):].split()[0]


def others_per_second(folder, engines, stalled_engine, fast, stalled):
    """Records of all engines but one, a second until the last of them."""
    log = f"{folder}/log"
    command = [f"{bin_dir}/braid-serp", "fetch", "--queries", f"{folder}/queries", "--engine", ",".join(engines), "--concurrency",
               str(concurrency), "--retries", "0", "--timeout", "20", "--engines",
               f"{folder}/engines", "--out", f"{folder}/out.jsonl", "--log", log, "--progress", "none"]
    for engine in engines:
        command += ["--endpoint", f"{engine}={stalled if engine == stalled_engine else fast}/google"]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    run.wait()
    begin, last, count = None, None, 0
    with open(log) as file:
        for line in file:
            event = json.loads(line)
            when = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
            if event["event"] == "begin":
                begin = when
            elif event["event"] == "record" and event["engine"] != stalled_engine:
                last, count = when, count + (event["outcome"] == "done")
    for name in ("log", "out.jsonl"):
        os.remove(f"{folder}/{name}")
    assert count == 19 * queries, count
    return count / (last - begin).total_seconds()


def define(folder):
    """Twenty engines that are Google under other names, each with a lane of its own."""
    shown = subprocess.run([f"{bin_dir}/braid-serp", "engines", "show", "google"], check=True, capture_output=True, text=True).stdout
    names = [f"engine{i}" for i in range(20)]
    os.mkdir(f"{folder}/engines")
    for name in names:
        with open(f"{folder}/engines/{name}.json", "w") as file:
            file.write(shown.replace('"engine": "google"', f'"engine": "{name}"', 1))
    return names


def main(folder):
    engines = define(folder)
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query {i}\n" for i in range(queries))
    one, fast = start_origin("--latency", "250ms")
    two, stalled = start_origin("--fault", "stall:1")
    try:
        well = others_per_second(folder, engines, engines[0], fast, fast)
        beside = others_per_second(folder, engines, engines[0], fast, stalled)
    finally:
        for origin in (one, two):
            origin.kill()
            origin.wait()
    print(f"nineteen origins: {well:.0f} records/s with the twentieth, {beside:.0f} while it stalls: {100 * beside / well:.1f} %")
    return 0 if beside >= 0.95 * well else 1


folder = tempfile.mkdtemp(prefix="braid-stalled-")
try:
    code = main(folder)
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(code)

# What each command writes with --json is what its schema in apps/bench/schema says, no field more and none less.
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:  # python3 is not Debian's
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

SCHEMAS = pathlib.Path(__file__).parents[2] / "apps/bench/schema"


def validator_of(command):
    schemas = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    schema = schemas[f"{command}.schema.json"]
    schema["$defs"]["common"] = schemas["common.schema.json"]  # found by its $id
    return jsonschema.Draft202012Validator(schema)


def check(report):
    validator = validator_of(report["command"])
    for error in validator.iter_errors(report):
        raise AssertionError(f"{report['command']}: {error.json_path}: {error.message}")
    # A schema that let anything pass would prove nothing.
    for field in report:
        less = {name: value for name, value in report.items() if name != field}
        assert not validator.is_valid(less), f"{report['command']}: passes without {field}"
    more = copy.deepcopy(report)
    more["unheard_of"] = 1
    assert not validator.is_valid(more), f"{report['command']}: passes with an unknown field"


class Bench:
    def __init__(self, programs, folder):
        self.programs, self.folder, self.files = programs, folder, 0

    def run(self, *words):
        """What the command writes with --json, which agrees with its schema, and the file it is in."""
        self.files += 1
        file = f"{self.folder}/{self.files}.json"
        done = subprocess.run([f"{self.programs}/braid-bench", *words, "--json", file], capture_output=True, text=True)
        assert done.returncode in (0, 1, 4), f"{words[0]} ended with {done.returncode}: {done.stderr}"
        report = json.loads(pathlib.Path(file).read_text())
        check(report)
        return report, file


def test_modes_and_compare(bench):
    quick = ["--warm-up", "0", "--progress", "none", "--contexts", "2", "--page-bytes", "4K"]
    report, file = bench.run("modes", "-n", "6", "-c", "3", "--latency", "1ms", "--repeat", "2", "--parse", *quick,
                             "--report", f"{bench.folder}/modes.html")
    assert report["modes"][0]["timeline"]["lanes"], "the report has a timeline"
    assert report["checks"]["parallel_to_sequential"]
    bench.run("compare", file, file)
    bench.run("modes", "--duration", "50ms", "--only", "concurrent", "-c", "3", "--repeat", "1", *quick)


def test_sweep_and_compare(bench):
    report, file = bench.run("sweep", "--contexts", "1,2", "-c", "1,2,4", "-n", "20", "--repeat", "3", "--warm-up", "0",
                             "--latency", "1ms", "--page-bytes", "4K", "--progress", "none")
    assert report["over_concurrency"][0]["law"], "a law was fitted"
    bench.run("compare", file, file)


def test_load_and_compare(bench, site):
    quick = ["--warm-up", "0", "--progress", "none", "-c", "2"]
    _, file = bench.run("load", f"{site}/bytes/100", "-n", "20", "--repeat", "5", *quick)
    bench.run("compare", file, file)
    bench.run("load", f"{site}/bytes/100", "--rate", "100", "-d", "100ms", "--repeat", "2", *quick)
    mix = pathlib.Path(bench.folder, "mix")
    mix.write_text("2 GET /bytes/10\n1 GET /status/404\n")
    report, _ = bench.run("load", site, "--mix", str(mix), "-n", "30", "--repeat", "1", *quick)
    assert report["statuses"] == {"200": 20, "404": 10}


def test_claims(bench):
    bench.run("claims", "--duration", "100ms", "--repeat", "1", "--sessions", "128", "--progress", "none")


def main(programs):
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(programs, folder)
        test_modes_and_compare(bench)
        test_sweep_and_compare(bench)
        origin = subprocess.Popen([f"{programs}/braid-origin", "--listen", "127.0.0.1:0", "--quiet"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            site = next(word for word in origin.stdout.readline().split() if word.startswith("http://"))
            test_load_and_compare(bench, site)
        finally:
            origin.terminate()
            origin.wait()
        test_claims(bench)


if __name__ == "__main__":
    main(sys.argv[1])

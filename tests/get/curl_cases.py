#!/usr/bin/env python3
"""Runs curl's own test cases (tests/data of its repository) against braid-get, or against any program of curl's options.

    curl_cases.py [--program FILE] [--only here|cookies|proxies] [-v] [-j N] FOLDER [NUMBER...]

    git -C CURL archive 5c61e16869 tests/data | tar x -C FOLDER/..     what it was last run with

--only here: cases that need no options for cookies or proxies; cookies: also those for cookies; proxies: all. Left out are
libcurl's own programs, other protocols, NTLM and Negotiate, debug builds, HTTP/3, and options that braid-get does not have.
The folder may also come from BRAID_CURL_TESTS. Prints what failed and why, what does not apply and why, and the count.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from curlcase import certificates, selection, verify
from curlcase.case_file import CaseFile, preprocessed
from curlcase.servers import Servers

TIME_LIMIT = 40


def agent_of(program):
    """How a program names itself in User-Agent: braid-get/0.1.0."""
    said = subprocess.run([program, "-V"], capture_output=True, text=True, check=True).stdout.split()
    return "/".join(said[:2])


class Runner:
    def __init__(self, options):
        self.options = options
        self.program = os.path.abspath(options.program)
        self.agent = agent_of(self.program)
        self.certificates = tempfile.mkdtemp(prefix="braid-curl-tls-")
        certificates.make(self.certificates)
        self.allowed = {
            "here": set(selection.HERE),
            "cookies": set(selection.HERE + selection.COOKIES),
            "proxies": set(selection.HERE + selection.COOKIES + selection.PROXIES + selection.TLS),
        }[options.only]

    def load(self, path, number, variables):
        with open(path, encoding="latin-1", newline="") as file:
            text = file.read()
        folder = os.path.dirname(os.path.dirname(path))
        return CaseFile(preprocessed(text, selection.FEATURES, variables, folder))

    def run(self, path):
        """("passed" | "failed" | "not applicable", why)"""
        number = re.sub(r"\D", "", os.path.basename(path))
        first = self.load(path, number, {})
        why = selection.why_not(first, number, self.allowed)
        if why:
            return "not applicable", why
        folder = tempfile.mkdtemp(prefix="braid-curl-")
        try:
            return self.try_case(path, number, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def try_case(self, path, number, folder):
        os.mkdir(folder + "/log")
        first = self.load(path, number, {})
        around = Servers(first, folder, self.certificates)
        variables = {
            **around.variables, "HOSTIP": "127.0.0.1", "CLIENTIP": "127.0.0.1", "HOST6IP": "[::1]", "CLIENT6IP": "[::1]",
            "CLIENT6IP-NB": "::1", "NOLISTENPORT": "47", "TESTNUMBER": number, "LOGDIR": "log", "PWD": folder,
            "FILE_PWD": folder, "VERSION": "VERSION", "SRCDIR": os.path.dirname(os.path.dirname(os.path.abspath(path))),
            "PERL": "perl", "CURL": self.program, "DEV_NULL": "/dev/null", "USER": "user", "CERTDIR": self.certificates,
            "H2CVER": "h2c",
        }
        try:
            return self.judge(self.load(path, number, variables), number, folder, around)
        finally:
            around.close()

    def judge(self, case, number, folder, around):
        self.write_files(case, folder)
        before = "".join(case.lines_of("client", "precheck")).strip()
        if before and subprocess.run(before, shell=True, cwd=folder, capture_output=True, check=False).stdout.strip():
            return "not applicable", "its precheck says no"
        around.start(case)
        code = self.execute(case, number, folder)
        around.close()
        after = "".join(case.lines_of("client", "postcheck") or case.lines_of("verify", "postcheck")).strip()
        if after:
            done = subprocess.run(after, shell=True, cwd=folder, capture_output=True, check=False)
            if done.returncode:
                return "failed", "postcheck fails: " + after
        verdict = verify.Verdict(case, number, folder, code, around, self.agent)
        wrong = verdict.problem()
        return ("failed", wrong) if wrong else ("passed", "")

    def write_files(self, case, folder):
        for part in ("file", "file1", "file2", "file3", "file4"):
            name = case.attributes("client", part).get("name")
            if not name:
                continue
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="latin-1", newline="") as file:
                file.write(case.text("client", part))

    def execute(self, case, number, folder):
        how = case.attributes("client", "command").get("option", "")
        command = " ".join(case.lines_of("client", "command")).replace("\n", "").strip()
        words = [self.program]
        if "no-q" not in how:
            words.append("-q")
        if "no-output" not in how and (not case.has("verify", "stdout") or "force-output" in how):
            words.append("--output log/curl%s.out" % number)
        if "no-include" not in how:
            words.append("--include")
        words.append("--trace-ascii log/trace%s --trace-time" % number)
        words.append(command)
        text = case.text("client", "stdin")
        with open(folder + "/log/stdin", "w", encoding="latin-1", newline="") as file:
            file.write(text or "")
        line = " ".join(words) + (" <log/stdin" if text is not None else " </dev/null")
        if self.options.verbose:
            print(line.replace(self.program, "braid-get"))
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "CURL_TESTNUM": number, "LC_ALL": "C.UTF-8"}
        for setting in case.words("client", "setenv"):
            name, _, value = setting.partition("=")
            environment[name] = value
        with open(folder + "/log/stdout" + number, "wb") as out, open(folder + "/log/stderr" + number, "wb") as err:
            try:
                done = subprocess.run(line.encode("latin-1"), shell=True, cwd=folder, stdout=out, stderr=err, env=environment,
                                      timeout=TIME_LIMIT, check=False)
                return done.returncode
            except subprocess.TimeoutExpired:
                return "none after %d s" % TIME_LIMIT


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--program", default=here + "/../../build/release/bin/braid-get")
    parser.add_argument("--only", default="proxies", choices=("here", "cookies", "proxies"))
    parser.add_argument("--goal", type=float, default=0, help="fail below this percentage")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=4)
    parser.add_argument("folder", nargs="?", default=os.environ.get("BRAID_CURL_TESTS"))
    parser.add_argument("numbers", nargs="*")
    options = parser.parse_args()
    if not options.folder or not os.path.isdir(options.folder):
        parser.error("no folder of curl's tests: name one, or set BRAID_CURL_TESTS")
    names = ["test" + n for n in options.numbers] or [n for n in os.listdir(options.folder) if re.fullmatch(r"test\d+", n)]
    paths = [os.path.join(options.folder, n) for n in sorted(names, key=lambda n: int(n[4:]))]
    runner = Runner(options)
    count, reasons = collections.Counter(), collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, (what, why) in zip(paths, pool.map(runner.run, paths)):
            count[what] += 1
            if what == "failed":
                print("FAILED %s: %s" % (os.path.basename(path), why), flush=True)
            if what == "not applicable":
                reasons[why] += 1
                if options.numbers:
                    print("not applicable: %s: %s" % (os.path.basename(path), why))
    if options.verbose:
        for why, times in reasons.most_common():
            print("not applicable %4d: %s" % (times, why))
    shutil.rmtree(runner.certificates)
    total = count["passed"] + count["failed"]
    share = 100 * count["passed"] / total if total else 0
    print("passed %d of %d (%.1f %%), not applicable %d" % (count["passed"], total, share, count["not applicable"]))
    return 0 if total and share >= options.goal else 1


if __name__ == "__main__":
    sys.exit(main())

"""Compares what happened with a case's <verify>. Cases edit with Perl expressions, so Perl applies those."""

import difflib
import os
import re
import subprocess


def perl(expressions, text, drop_empty):
    """Each line through each expression, as curl's runner does."""
    keep = "length($_)" if drop_empty else "1"
    body = "".join("%s;\n" % e for e in expressions)
    script = "while (<STDIN>) {\n%sprint $_ if %s; }" % (body, keep)
    done = subprocess.run(["perl", "-e", script], input=text.encode("latin-1"), capture_output=True, timeout=20)
    return done.stdout.decode("latin-1")


def without_lines(patterns, text):
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    for pattern in patterns:
        lines = [line for line in lines if not re.search(pattern, line)]
    return "".join(lines)


def in_name_of_curl(text):
    """What it says of itself at the beginning of a line."""
    return re.sub(r"^braid-get: ", "curl: ", text, flags=re.M).replace("'braid-get ", "'curl ")


def plain_ends(text):
    return text.replace("\r\n", "\n")


def read(path):
    try:
        with open(path, encoding="latin-1", newline="") as file:
            return file.read()
    except OSError:
        return ""


def same(got, wanted):
    choice = re.search(r"%alternatives\[([^,]*),([^\]]*)\]", wanted)
    if choice:
        return any(same(got, wanted.replace(choice.group(0), choice.group(n), 1)) for n in (1, 2))
    return got == wanted


def difference(what, got, wanted):
    if same(got, wanted):
        return None
    lines = difflib.unified_diff(
        [repr(x) for x in wanted.splitlines(True)], [repr(x) for x in got.splitlines(True)], "wanted", "got", n=1, lineterm=""
    )
    return what + " differs\n      " + "\n      ".join(line[:200] for line in list(lines)[2:14])


class Verdict:
    """Of one run: the first thing that is wrong, or None."""

    def __init__(self, case, number, folder, code, around, agent):
        self.case, self.number, self.folder, self.code, self.around = case, number, folder, code, around
        self.agent = agent

    def problem(self):
        for check in (self.exit_code, self.stdout, self.stderr, self.protocol, self.data, self.proxy, self.socks, self.files, self.absent):
            wrong = check()
            if wrong:
                return wrong
        return None

    def path(self, name):
        return os.path.join(self.folder, name)

    def exit_code(self):
        wanted = "".join(self.case.words("verify", "errorcode")) or "0"
        if str(self.code) in re.split(r" *, *", wanted):
            return None
        return "exit code %s, wanted %s; it said: %s" % (self.code, wanted, read(self.path("log/stderr" + self.number)).strip()[-300:])

    def _compared(self, part, got):
        attributes = self.case.attributes("verify", part)
        wanted = self.case.text("verify", part)
        if attributes.get("loadfile"):
            wanted = plain_ends(read(self.path(attributes["loadfile"])))
        wanted = re.sub(r"^%EMPTY[\r\n]*", "", wanted)
        suffix = re.sub(r"^\D+", "", part)
        edits = self.case.words("verify", "stripfile" + suffix)
        if edits:
            got = perl(edits, got, True)
        if attributes.get("mode") == "text":
            wanted, got = plain_ends(wanted), plain_ends(got)
        if attributes.get("mode") == "warn":
            flat = lambda text: re.sub(" +", " ", re.sub(r"Warning: |\r", "", text).replace("\n", " "))
            wanted, got = flat(wanted), flat(got)
        return difference(part, got, wanted)

    def stdout(self):
        if not self.case.lines_of("verify", "stdout") and not self.case.attributes("verify", "stdout"):
            return None
        return self._compared("stdout", in_name_of_curl(read(self.path("log/stdout" + self.number))))

    def stderr(self):
        if not self.case.lines_of("verify", "stderr"):
            return None
        return self._compared("stderr", in_name_of_curl(read(self.path("log/stderr" + self.number))))

    def protocol(self):
        return self._asked("protocol", self.around.record)

    def proxy(self):
        return self._asked("proxy", self.around.at_proxy)

    def socks(self):
        return self._asked("socks", self.around.at_socks)

    def _asked(self, part, record):
        wanted = self.case.text("verify", part)
        if not wanted:
            return None
        got = record.data.decode("latin-1")
        wanted = wanted.replace("curl/VERSION", self.agent)
        patterns = self.case.words("verify", "strip")
        edits = self.case.words("verify", "strippart")
        got, wanted = without_lines(patterns, got), without_lines(patterns, wanted)
        if edits:
            got = perl(edits, got, False)
        return difference(part, got, wanted)

    def data(self):
        parts = ["datacheck" + s for s in ("", "1", "2", "3", "4")]
        checked = any(self.case.has("reply", p) for p in parts)
        names = parts if checked else ["data"]
        attributes = self.case.attributes("reply", "data")
        texts = []
        for name in names:
            text = self.case.text("reply", name)
            if text is not None and self.case.attributes("reply", name).get("mode") == "text":
                text = plain_ends(text)
            texts.append(text or "")
        wanted = "".join(texts)
        if attributes.get("nocheck") or not (wanted or attributes.get("sendzero")):
            return None
        got = read(self.path("log/curl%s.out" % self.number))
        if attributes.get("mode") == "text":
            got = plain_ends(got)
        return difference("data", got, wanted)

    def files(self):
        for part in ("file", "file1", "file2", "file3", "file4"):
            if not self.case.has("verify", part):
                continue
            name = self.case.attributes("verify", part).get("name")
            wrong = self._compared(part, in_name_of_curl(read(self.path(name))))
            if wrong:
                return wrong
        return None

    def absent(self):
        for name in self.case.words("verify", "notexists"):
            if os.path.exists(self.path(name)):
                return name + " exists"
        return None

"""One test case: its text after the preprocessor, and its sections."""

import base64
import hashlib
import re
import time

CONDITION = re.compile(r"^ *%if ([A-Za-z0-9!_-]*)")
HEAD_LINES = (
    re.compile(r"^HTTP/(1.1|1.0|2|3) ([1-5]|9)[^\r]*\Z"),
    re.compile(r"^(GET|HEAD|POST|PUT|DELETE|CONNECT) \S+ HTTP/\d+(\.\d+)?"),
)
FIELD_LINE = re.compile(r"^[a-z0-9_-]+: [^\r]*\Z", re.I)
ERROR_LINE = re.compile(r"^curl: \(\d+\) ")


class LineEnds:
    """Line ends of sections with crlf="yes" (all) and crlf="headers" (what looks like a head)."""

    def __init__(self, kind):
        self.kind = kind
        self.in_head = False

    def apply(self, line):
        if not self.kind:
            return line
        crlf = re.sub(r"\r*\n\Z", "\r\n", line)
        if self.kind != "headers":
            return crlf
        is_field = FIELD_LINE.match(line) and not ERROR_LINE.match(line)
        if is_field or any(pattern.match(line) for pattern in HEAD_LINES):
            self.in_head = True
            return crlf
        result = crlf if line == "\n" and self.in_head else line
        self.in_head = False
        return result


def unescape(text):
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda m: chr(int(m.group(1), 16)), text)


def substitute(line, variables, folder):
    """%NAME, %CR and its like, %b64[..]b64%, %hex[..]hex%, %repeat[N x ..]%, %days[N], %include FILE%, ...."""
    for name in sorted(variables, key=len, reverse=True):
        line = line.replace("%" + name, variables[name])
    line = re.sub(r"%includetext ([^%]*)%[\n\r]+", lambda m: included(folder, m.group(1)), line)
    for name, char in (("SP", " "), ("TAB", "\t"), ("CR", "\r"), ("LT", "<"), ("GT", ">"), ("AMP", "&")):
        line = line.replace("%" + name, char)
    encode = lambda m: base64.b64encode(unescape(m.group(1)).encode("latin-1")).decode()
    line = re.sub(r"%b64\[(.*?)\]b64%", encode, line)
    line = re.sub(r"%hex\[(.*?)\]hex%", lambda m: unescape(m.group(1)), line)
    line = re.sub(r"%repeat\[(\d+) x (.*?)\]%", lambda m: unescape(m.group(2)) * int(m.group(1)), line)
    line = re.sub(r"%sha256b64file\[(.*?)\]sha256b64file%", lambda m: digest_of(unescape(m.group(1))), line)
    line = re.sub(r"%strippemfile\[(.*?)\]strippemfile%", lambda m: pem_part(included(folder, unescape(m.group(1)))), line)
    line = re.sub(r"%days\[(.*?)\]", days, line)
    return re.sub(r"%include ([^%]*)%[\n\r]+", lambda m: included(folder, m.group(1)), line)


def days(match):
    when = int((int(match.group(1)) * 86400 + time.time() + 30) / 60) * 60
    return "%%alternatives[%d,%d]" % (when, when + 60)


def digest_of(name):
    try:
        with open(name, "rb") as file:
            return base64.b64encode(hashlib.sha256(file.read()).digest()).decode()
    except OSError:
        return ""


def pem_part(text):
    """The blocks alone, without what stands around them."""
    text = re.sub(r"(\A|-----END .*?-----[\r\n]?).*?(-----BEGIN .*?-----|\Z)", r"\1\2", text, flags=re.S)
    return text.replace("\r\n", "\n").removesuffix("\n")


def included(folder, name):
    try:
        with open(name if name.startswith("/") else folder + "/" + name, encoding="latin-1", newline="") as file:
            return file.read()
    except OSError:
        return ""


def preprocessed(text, features, variables, folder):
    """The lines that hold for a client with these features."""
    lines, states, ends = [], [True], LineEnds("")
    others = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        condition = CONDITION.match(line)
        if condition:
            name = condition.group(1)
            holds = name[1:] not in features if name.startswith("!") else name in features
            others.append(states[-1] and not holds)
            states.append(states[-1] and holds)
        elif re.match(r"^ *%else", line):
            states[-1] = others[-1]
        elif re.match(r"^ *%endif", line):
            states.pop()
            others.pop()
        elif states[-1]:
            start = re.match(r'^ *<(?:data|connect)[^>]*crlf="(yes|headers)"', line)
            if start:
                ends = LineEnds(start.group(1))
            elif re.match(r"^ *</(data|connect)", line):
                ends = LineEnds("")
            lines.append(ends.apply(substitute(line, variables, folder)))
    return lines


class CaseFile:
    """Sections of a case by (section, part), as lists of lines, with their attributes."""

    def __init__(self, lines):
        self.lines = lines

    def _find(self, section, part):
        """Attributes and lines, or None."""
        inside, found, attributes = 0, [], None
        for line in self.lines:
            if not inside and re.match(r"^ *<%s" % section, line):
                inside = 1
            elif inside >= 1 and re.match(r"^ *<%s[ >]" % part, line):
                if inside > 1:
                    found.append(line)
                else:
                    found_values = re.findall(r"""([\w-]+) *= *(?:"([^"]*)"|'([^']*)')""", line)
                    attributes = {key: double or single for key, double, single in found_values}
                inside += 1
            elif inside >= 2 and re.match(r"^ *</%s[ >]" % part, line):
                inside -= 1
                if inside > 1:
                    found.append(line)
            elif inside >= 1 and re.match(r"^ *</%s" % section, line):
                break
            elif inside >= 2:
                found.append(line)
        return None if attributes is None else (attributes, found)

    def has(self, section, part):
        return self._find(section, part) is not None

    def lines_of(self, section, part):
        found = self._find(section, part)
        return found[1] if found else []

    def attributes(self, section, part):
        found = self._find(section, part)
        return found[0] if found else {}

    def text(self, section, part):
        """As it is to be sent, written or compared; None where there is no such part."""
        found = self._find(section, part)
        if not found:
            return None
        attributes, lines = found
        ends = LineEnds(attributes.get("crlf", ""))
        text = "".join(ends.apply(line) for line in lines)
        if attributes.get("nonewline") and text.endswith("\n"):
            text = text[:-2] if text.endswith("\r\n") else text[:-1]
        return text

    def words(self, section, part):
        return [line.strip() for line in self.lines_of(section, part) if line.strip()]

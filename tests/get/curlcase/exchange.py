"""What a case tells its servers, what they are asked, and what they note."""

import re
import threading


class Instructions:
    """<servercmd>."""

    def __init__(self, lines):
        self.flags = {line for line in lines if ":" not in line}
        numbers = dict(line.split(":", 1) for line in lines if re.match(r"^\w+: *\d+$", line))
        self.skip = int(numbers.get("skip", 0))
        self.delay = int(numbers.get("delay", 0)) / 1000
        self.write_delay = int(numbers.get("writedelay", 0)) / 1000

    def __contains__(self, flag):
        return flag in self.flags


class Request:
    """What has come of one."""

    def __init__(self, data, orders):
        self.head_size = data.find(b"\r\n\r\n") + 4
        self.head = data[: max(self.head_size, 0)]
        self.complete = self.head_size > 3
        if not self.complete:
            return
        line = self.head.split(b"\r\n", 1)[0]
        self.method = line.split(b" ")[0].decode("latin-1")
        self.path = b" ".join(line.split(b" ")[1:-1]).decode("latin-1")
        self.authorized = b"Authorization:" in data
        if "auth_required" in orders and not self.authorized:
            self.size = len(data)
            return
        if "no-expect" in orders and re.search(rb"\nExpect: 100-continue", self.head, re.I):
            self.size = len(data)
        elif re.search(rb"\nTransfer-Encoding: chunked", self.head, re.I):
            end = re.search(rb"\r\n0\r\n(?:[^\r\n]+\r\n)*\r\n", data[self.head_size - 2 :])
            self.complete = end is not None
            self.size = self.head_size - 2 + end.end() if end else 0
        else:
            length = re.search(rb"\nContent-Length: *(\d+)", self.head, re.I)
            self.size = self.head_size + (max(int(length.group(1)) - orders.skip, 0) if length else 0)
            if orders.skip:
                self.size = max(self.size, min(len(data), self.size))
            self.complete = len(data) >= self.size

    def part(self):
        """Which <data> it asks for: none for the case's number in the path, 2 for that number and 0002."""
        digits = re.match(r"\d+", self.path[self.path.rfind("/") + 1 :])
        asked = int(digits.group(0)) if digits else 0
        part = asked % 10000 if asked > 10000 else 0
        if b"Authorization: Digest" in self.head:
            part += 1000
        elif b"Authorization: NTLM TlRMTVNTUAAD" in self.head:
            part += 1002
        elif b"Authorization: NTLM TlRMTVNTUAAB" in self.head:
            part += 1001
        elif part >= 1000 and b"Authorization: Basic" in self.head:
            part += 1
        return part


class Record:
    """What the servers of a case were asked, in the order in which it came."""

    def __init__(self):
        self.lock = threading.Lock()
        self.data = b""

    def add(self, data):
        with self.lock:
            self.data += data

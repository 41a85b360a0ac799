"""HTTP/2 before a case's server, by nghttpx of Debian's nghttp2-proxy, as curl's own runner has it."""

import os
import shutil
import socket
import subprocess
import time

NEEDED = "nghttpx"


def is_there():
    return shutil.which(NEEDED, path=os.environ.get("PATH", "") + ":/usr/sbin") is not None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Http2Front:
    """Two ports, of plain text and of TLS, before the server at `backend`."""

    def __init__(self, folder, backend, certificate):
        program = shutil.which(NEEDED, path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.plain, self.secure = free_port(), free_port()
        self.process = subprocess.Popen(
            [program, "--conf=/dev/null", "--backend=127.0.0.1,%d" % backend, "--backend-keep-alive-timeout=500ms",
             "--frontend=127.0.0.1,%d;no-tls" % self.plain, "--frontend=127.0.0.1,%d" % self.secure, "--workers=1",
             "--errorlog-file=" + folder + "/log/nghttpx", certificate + ".key", certificate + ".crt"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.time() + 5
        while time.time() < limit and not (answers(self.plain) and answers(self.secure)):
            time.sleep(0.02)

    def start(self, case):
        """It has none of a case to know."""

    def close(self):
        self.process.terminate()
        self.process.wait()

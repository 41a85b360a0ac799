"""The servers that the clients ask: nginx for speed, braid-origin for latency. On loopback, on free ports, on core 0."""

import os
import socket
import subprocess
import time

CONFIGURATION = """
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {run}/nginx.pid;
error_log {run}/error.log warn;
events {{ worker_connections 16000; multi_accept on; }}
http {{
    access_log off;
    default_type text/html;
    tcp_nodelay on;
    keepalive_timeout 300s;
    keepalive_requests 100000000;
    open_file_cache max=100 inactive=600s;
    open_file_cache_valid 600s;
    client_body_temp_path {run}/t1; proxy_temp_path {run}/t2; fastcgi_temp_path {run}/t3;
    uwsgi_temp_path {run}/t4; scgi_temp_path {run}/t5;
    http2_max_concurrent_streams 1024;
    ssl_certificate {run}/cert.pem;
    ssl_certificate_key {run}/key.pem;
    server {{
        listen 127.0.0.1:{plain} backlog=4096;
        listen 127.0.0.1:{tls} ssl backlog=4096;
        root {run}/www;
    }}
    server {{
        listen 127.0.0.1:{http2} ssl http2 backlog=4096;
        root {run}/www;
    }}
}}
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_for(port, process):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("%s ended with %d" % (process.args, process.returncode))
            time.sleep(0.05)
    raise RuntimeError("%s does not listen on port %d" % (process.args, port))


def result_page(size=32 * 1024):
    """A page of results as the programs in clients.py's pipelines take it apart: li.result with a.link and p.snippet."""
    words = ("water river stone bread honey lamp garden window paper engine signal metal forest market letter number "
             "winter summer bridge harbour").split()
    pick = lambda n, start: " ".join(words[(start * 7 + i * (start % 5 + 3)) % len(words)] for i in range(n))
    head = "<!DOCTYPE html><html><head><meta charset=utf-8><title>results</title></head><body><ol id=results>\n"
    tail = "</ol></body></html>\n"
    items, used, rank = [], len(head) + len(tail), 0
    while True:
        rank += 1
        item = ('<li class="result" data-rank="%d"><h3><a class="link" href="https://host-%d.example/%s?id=%d&amp;from=search">%s'
                '</a></h3><cite>host-%d.example</cite><p class="snippet">%s &amp; more &lt;soon&gt;</p></li>\n'
                % (rank, rank, pick(3, rank).replace(" ", "/"), rank * 7919, pick(6, rank), rank, pick(28, rank + 1)))
        if used + len(item) > size:
            return head + "".join(items) + tail
        items.append(item)
        used += len(item)


class Nginx:
    """One worker; /1k is 1 KiB, /32k is 32 KiB, /results a page of results of that size."""

    def __init__(self, folder):
        os.mkdir(folder)
        os.mkdir(folder + "/www")
        os.chmod(folder, 0o755)
        for name, size in (("1k", 1024), ("32k", 32 * 1024)):
            with open(folder + "/www/" + name, "w") as page:
                page.write("x" * size)
        with open(folder + "/www/results", "w") as page:
            page.write(result_page())
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"],
            check=True, stderr=subprocess.DEVNULL)
        plain, tls, http2 = free_ports(3)
        with open(folder + "/nginx.conf", "w") as out:
            out.write(CONFIGURATION.format(run=folder, plain=plain, tls=tls, http2=http2))
        self.plain, self.tls = "http://127.0.0.1:%d" % plain, "https://127.0.0.1:%d" % tls
        self.http2 = "https://127.0.0.1:%d" % http2
        # As a user that cannot read its folder, the worker would serve nothing.
        self.process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-p", folder, "-c", folder + "/nginx.conf",
                                         "-g", "user root;" if os.geteuid() == 0 else ""], stderr=subprocess.DEVNULL)
        wait_for(plain, self.process)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Slow:
    """braid-origin, which answers /bytes/1024 after 50 ms."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", program, "--listen", "127.0.0.1:0", "--latency", "50ms", "--quiet"],
            stdout=subprocess.PIPE, text=True)
        self.plain = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait()

"""All servers of one case, and what they were asked."""

import socket

from curlcase import certificates, http2_server, selection, server, socks_server
from curlcase.exchange import Record


class Servers:
    """Listens at once, so that the case's text can name the ports; answers from start() on."""

    def __init__(self, case, folder, tls_folder):
        wanted = {line.split()[0] for line in case.words("client", "server")}
        self.record, self.at_proxy, self.at_socks = Record(), Record(), Record()
        certificate = selection.certificate_of(case)
        plain = server.tcp_server(self.record)
        secure = server.tcp_server(self.record, certificates.context(tls_folder, certificate))
        self.all = [plain, secure, server.unix_server(self.record, folder + "/sock")]
        self.variables = {"HTTPPORT": plain.port, "HTTPSPORT": secure.port, "HTTPUNIXPATH": folder + "/sock"}
        self.variables["HTTP6PORT"] = self.add(server.tcp_server(self.record, family=socket.AF_INET6)).port if socket.has_ipv6 else 47
        # Cases without a proxy of their own take the server for one.
        proxy = self.add(server.tcp_server(self.at_proxy, is_proxy=True)) if "http-proxy" in wanted else plain
        self.variables["PROXYPORT"] = proxy.port
        self.variables["SOCKSPORT"] = self.add(socks_server.tcp_server(self.at_socks)).port
        if "http/2" in wanted:
            front = self.add(http2_server.Http2Front(folder, plain.port, certificates.files(tls_folder, certificate)))
            self.variables.update(HTTP2PORT=front.plain, HTTP2TLSPORT=front.secure)
        self.variables = {name: str(value) for name, value in self.variables.items()}

    def add(self, one):
        self.all.append(one)
        return one

    def start(self, case):
        for one in self.all:
            one.start(case)

    def close(self):
        """Once all connections are done."""
        while self.all:
            self.all.pop().close()

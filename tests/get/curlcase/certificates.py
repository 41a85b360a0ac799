"""The certificates that curl's cases name: an authority and servers of its, made with openssl for one run."""

import os
import ssl
import subprocess

NAMES = {
    "test-localhost": "DNS:localhost,IP:127.0.0.1",
    "test-localhost.nn": "DNS:localhost.nn",
    "test-localhost-san-first": "DNS:localhost,DNS:other.example",
    "test-localhost-san-last": "DNS:other.example,DNS:localhost",
}


def openssl(folder, *arguments, **more):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, **more)


def make(folder):
    """FOLDER/certs as %CERTDIR/certs is."""
    here = os.path.join(folder, "certs")
    os.mkdir(here)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    openssl(here, "req", "-x509", *key, "-keyout", "ca.key", "-out", "test-ca.crt", "-subj", "/CN=curl cases")
    for name, alternatives in NAMES.items():
        openssl(here, "req", *key[:-2], "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=localhost")
        with open(os.path.join(here, name + ".ext"), "w", encoding="ascii") as file:
            file.write("subjectAltName=" + alternatives + "\n")
        openssl(here, "x509", "-req", "-in", name + ".csr", "-CA", "test-ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "2", "-extfile", name + ".ext", "-out", name + ".crt")
        openssl(here, "pkey", "-in", name + ".key", "-pubout", "-out", name + ".pub.pem")
        openssl(here, "pkey", "-in", name + ".key", "-pubout", "-outform", "DER", "-out", name + ".pub.der")
        openssl(here, "x509", "-in", name + ".crt", "-outform", "DER", "-out", name + ".der")
        with open(os.path.join(here, name + ".pem"), "wb") as whole:
            for part in (".key", ".crt"):
                with open(os.path.join(here, name + part), "rb") as file:
                    whole.write(file.read())


def files(folder, name):
    """The path of a certificate and its key, without .crt, .key and .pem."""
    return os.path.join(folder, "certs", name or "test-localhost")


def context(folder, name):
    out = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    out.load_cert_chain(files(folder, name) + ".pem")
    return out

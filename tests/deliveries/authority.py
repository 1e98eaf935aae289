"""Authorities for tests, made with openssl: one that issues certificates, one that stamps the time."""

import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TSA = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **more).stdout


def issue(folder, name, *, usage=(), key=("-newkey", "rsa:2048")):
    """A certificate of the folder's authority, which is made first."""
    if not (folder / "ca.pem").exists():
        openssl(
            "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", "/CN=Root of Tests",
            "-addext", "keyUsage=critical,keyCertSign", "-keyout", folder / "ca.key",
            "-out", folder / "ca.pem",
        )  # fmt: skip
    extensions = [part for one in usage for part in ("-addext", one)]
    openssl(
        "req", "-x509", "-nodes", *key, "-days", "2", "-subj", f"/CN={name}", "-CA", folder / "ca.pem",
        "-CAkey", folder / "ca.key", "-addext", "basicConstraints=critical,CA:FALSE", *extensions,
        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
    )  # fmt: skip


def certificate(folder):
    """A PKCS #12 without a password, with key, certificate and the chain to its root."""
    issue(folder, "office", usage=["keyUsage=critical,digitalSignature,nonRepudiation"])
    openssl(
        "pkcs12", "-export", "-passout", "pass:", "-inkey", folder / "office.key",
        "-in", folder / "office.pem",
        "-certfile", folder / "ca.pem", "-out", folder / "office.p12",
    )  # fmt: skip
    return folder / "office.p12"


@contextmanager
def time_stamping(folder):
    """An authority that stamps the time, as its URL; `answers` may be filled with what it says instead."""
    issue(
        folder, "tsa", usage=["extendedKeyUsage=critical,timeStamping", "keyUsage=critical,digitalSignature"]
    )
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(TSA.format(folder=folder))
    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "question").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            asked = ["-queryfile", folder / "question", "-config", folder / "tsa.cnf"]
            answer = answers.pop(0) if answers else openssl("ts", "-reply", *asked)
            if isinstance(answer, int):
                self.send_error(answer)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", answers
        server.shutdown()

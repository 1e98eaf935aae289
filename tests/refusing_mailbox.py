"""A mailbox on loopback that answers NO to one of the commands, as Dovecot does when it has no room left."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator

NOTE = b"Subject: I am away\r\n\r\nUntil Monday.\r\n"
NUMBER = b"7"
ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"SELECT": b"* 1 EXISTS\r\n",
    b"SEARCH": b"* SEARCH 7\r\n",
    b"FETCH": b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)\r\n" % (len(NOTE), NOTE),
    b"LOGOUT": b"* BYE\r\n",
}


@contextlib.contextmanager
def mailbox(*, refuses: str) -> Iterator[tuple[str, list[bytes]]]:
    """Its URL with one new mail in it, and what it is asked for; `refuses` names a command: "STORE"."""
    asked: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, *words = line.split()
                command = words[1] if words[0] == b"UID" else words[0]
                asked.append(line)
                if command == refuses.encode():
                    self.wfile.write(tag + b" NO [OVERQUOTA] 4096 of 4096 are used, call 5550\r\n")
                else:
                    self.wfile.write(ANSWERS.get(command, b"") + tag + b" OK [READ-WRITE] done\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"imap://bounces:word@127.0.0.1:{server.server_address[1]}/INBOX?timeout=5", asked
        finally:
            server.shutdown()

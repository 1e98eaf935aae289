"""Debian’s mail servers on loopback, for the length of a test: Dovecot, and Postfix before it."""

import contextlib
import getpass
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import certificates
from tests.servers import free_port

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
NAME, PASSWORD = "bounces@undersigned.example", 'pass "word" with ä'
CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl_cert = <{place}/certificate.pem
ssl_key = <{place}/certificate.pem
disable_plaintext_auth = no
mail_location = maildir:{place}/mail
first_valid_uid = 1
first_valid_gid = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {place}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A mailbox and where it is; `user` owns the files."""

    place: Path
    imap: int
    imaps: int
    user: pwd.struct_passwd

    @property
    def url(self) -> str:
        return self._url("imap", "127.0.0.1", self.imap, "")

    @property
    def safe_url(self) -> str:
        return self._url("imap+ssl", "localhost", self.imaps, f"&ca={self.place}/certificate.pem")

    def _url(self, scheme: str, host: str, port: int, more: str) -> str:
        who = "bounces%40undersigned.example:pass%20%22word%22%20with%20%C3%A4"
        return f"{scheme}://{who}@{host}:{port}/INBOX?timeout=5{more}"

    def put(self, *mails: bytes) -> None:
        """Lay mails into the mailbox, as a mail server does."""
        with self.client() as client:
            for mail in mails:
                assert client.append("INBOX", None, None, mail)[0] == "OK"

    @contextlib.contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=5) as client:
            client.authenticate("PLAIN", lambda _more: f"\0{NAME}\0{PASSWORD}".encode())
            client.select("INBOX")
            yield client

    def flags(self) -> list[set[str]]:
        """The flags of each mail in the mailbox, in its order."""
        with self.client() as client:
            _kind, found = client.fetch("1:*", "(FLAGS)")
        told = [imaplib.ParseFlags(line) for line in found if isinstance(line, bytes)]
        return [{flag.decode() for flag in flags} - {r"\Recent"} for flags in told]


def is_root() -> bool:
    """Whether we may become somebody else."""
    return os.geteuid() == 0


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot with one empty mailbox. Skips the test where none is installed."""
    if DOVECOT is None:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    user = pwd.getpwnam("nobody" if is_root() else getpass.getuser())
    place = Path(tempfile.mkdtemp(prefix="undersigned-imap-", dir="/tmp"))
    server = Dovecot(place, free_port(), free_port(), user)
    _lay_out(server)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(place / "conf")],
        cwd="/", **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if is_root() else {}),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(place / "errors").open("wb"),
    )  # fmt: skip
    try:
        _wait(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        shutil.rmtree(place)


def _lay_out(server: Dovecot) -> None:
    place, user = server.place, server.user
    (place / "users").write_text(f"{NAME}:{{PLAIN}}{PASSWORD}::::::\n")
    certificates.make(place / "certificate.pem")
    told = {
        "place": place, "user": user.pw_name, "uid": user.pw_uid, "gid": user.pw_gid,
        "group": subprocess.run(["id", "-gn", user.pw_name], capture_output=True, text=True).stdout.strip(),
        "imap": server.imap, "imaps": server.imaps,
    }  # fmt: skip
    (place / "conf").write_text(CONFIGURATION.format(**told))
    if os.geteuid() == 0:
        for path in (place, *place.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + 20
    while time.monotonic() < patience and process.poll() is None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error), server.client():
            return
        time.sleep(0.05)
    said = "\n".join(
        path.read_text() for path in (server.place / "errors", server.place / "log") if path.exists()
    )
    raise AssertionError(f"Dovecot did not start:\n{said}")


POSTFIX = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")
MAIN = """\
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.undersigned.example
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
relayhost = [127.0.0.1]:{office}
recipient_delimiter = +
virtual_mailbox_domains = undersigned.example
virtual_mailbox_base = {mailbox.place}
virtual_mailbox_maps = inline:{{ bounces@undersigned.example=mail/ }}
virtual_uid_maps = static:{mailbox.user.pw_uid}
virtual_gid_maps = static:{mailbox.user.pw_gid}
virtual_minimum_uid = 1
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
flush unix n - n 1000? 0 flush
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


@contextlib.contextmanager
def postfix(mailbox: Dovecot, *, office: int) -> Iterator[str]:
    """A Postfix that hands what it takes to a server on the port `office`, and returns to the mailbox.

    Yields EMAIL_URL. Skips the test without one, or without the rights to start it.
    """
    if POSTFIX is None:
        pytest.skip("Postfix is not installed (apt-get install postfix)")
    if os.geteuid() != 0:
        pytest.skip("Postfix can be started by root alone")
    place, port = Path(tempfile.mkdtemp(prefix="undersigned-smtp-", dir="/tmp")), free_port()
    place.chmod(0o755)
    (place / "queue").mkdir()
    (place / "data").mkdir()
    shutil.chown(place / "data", "postfix")
    (place / "main.cf").write_text(MAIN.format(place=place, office=office, mailbox=mailbox))
    (place / "master.cf").write_text(MASTER.format(port=port))
    command = [POSTFIX, "-c", str(place)]
    with (place / "said").open("wb") as said:
        process = subprocess.Popen([*command, "start-fg"], stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        _greets(port, process, place)
        yield f"smtp://127.0.0.1:{port}?timeout=10&data_timeout=10"
    finally:
        # what start-fg runs leads a session of its own, which a signal to start-fg alone would leave behind
        subprocess.run(
            [*command, "stop"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(place)


def _greets(port: int, process: subprocess.Popen[bytes], place: Path) -> None:
    patience = time.monotonic() + 20
    while time.monotonic() < patience and process.poll() is None:
        with contextlib.suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=5):
            return
        time.sleep(0.05)
    said = "\n".join(path.read_text() for path in (place / "said", place / "log") if path.exists())
    raise AssertionError(f"Postfix did not start:\n{said}")

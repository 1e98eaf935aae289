import socket
import threading
from datetime import UTC, datetime

import pytest

from outbox import composing, transports
from outbox.building import Mail
from tests import certificates
from tests.postbox import open_postbox

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def mime(**more):
    mail = {"to": "ada@mail.example", "subject": "A note", "text": "Hello.\n"}
    return composing.compose(Mail(**mail | more), message_id="<1@localhost>", at=AT)


def send(url, *, to="ada@mail.example", before_data=lambda: None, content=None):
    with transports.connect(url) as connection:
        return connection.send("us@undersigned.example", to, content or mime(), before_data=before_data)


@pytest.fixture
def certificate(tmp_path):
    return certificates.make(tmp_path / "certificate.pem")


class TestSmtp:
    def test_the_reply_names_server_and_last_line(self):
        with open_postbox() as postbox:
            reply = send(postbox.url)
        assert (reply.code, reply.text) == (250, "2.0.0 queued as 1")
        assert reply.server == f"127.0.0.1:{postbox.port}"
        assert reply.tls == ""

    def test_it_says_the_site_s_name_and_not_the_machine_s(self, settings):
        settings.SITE_URL = "https://letters.example"
        with open_postbox() as postbox:
            send(postbox.url)
        assert set(postbox.greetings) == {"letters.example"}

    def test_a_line_that_begins_with_a_dot_arrives_whole(self):
        with open_postbox() as postbox:
            send(postbox.url, content=b"Subject: x\r\n\r\n.\r\n..two\nbare\r\n")
        assert postbox.mails[0].get_content().splitlines() == [".", "..two", "bare"]

    def test_nothing_of_the_mail_goes_out_if_it_may_not(self):
        def stop():
            raise KeyError("lease lost")

        with open_postbox() as postbox:
            with pytest.raises(KeyError):
                send(postbox.url, before_data=stop)
            assert send(postbox.url).code == 250
        assert len(postbox.mails) == 1

    def test_a_domain_beyond_ascii_goes_in_its_ascii_form(self):
        with open_postbox() as postbox:
            send(postbox.url, to="ada@bücher.example", content=mime(to="ada@bücher.example"))
        assert postbox.recipients == ["ada@xn--bcher-kva.example"]
        assert postbox.mails[0]["To"] == "ada@xn--bcher-kva.example"

    def test_a_mailbox_beyond_ascii_is_written_to(self):
        with open_postbox() as postbox:
            send(postbox.url, to="adä@mail.example", content=mime(to="adä@mail.example"))
        assert postbox.recipients == ["adä@mail.example"]

    @pytest.mark.parametrize(
        ("command", "answer", "expected"),
        [
            ("MAIL", "451 4.3.0 later", transports.Refused),
            ("MAIL", "421 4.3.2 closing", transports.Unreachable),
            ("MAIL", "550 5.1.8 bad sender", transports.ChannelRefused),
            ("RCPT", "450 4.2.0 greylisted", transports.Refused),
            ("RCPT", "550 5.1.1 unknown", transports.Refused),
            ("RCPT", "554 5.7.1 relay access denied", transports.ChannelRefused),
            ("RCPT", "530 sign in", transports.ChannelRefused),
            ("DATA", "452 4.3.1 disk full", transports.Refused),
            ("DATA", "554 5.6.0 content", transports.Refused),
            ("DATA", "550 5.7.1 policy", transports.ChannelRefused),
            ("DATA", "421 4.3.2 closing", transports.Ambiguous),
        ],
    )
    def test_each_refusal_has_its_meaning(self, command, answer, expected):
        with open_postbox() as postbox:
            postbox.answers[command] = [answer]
            with pytest.raises(expected) as refusal:
                send(postbox.url)
            assert refusal.type is expected
            if expected is transports.Refused:
                assert refusal.value.permanent == answer.startswith("5")

    def test_a_wrong_password_closes_the_channel(self):
        with open_postbox() as postbox:
            postbox.answers["AUTH"] = ["535 5.7.8 no"] * 3
            with pytest.raises(transports.ChannelRefused):
                send(postbox.url.replace("127.0.0.1", "us:secret@127.0.0.1"))

    def test_f14_a_server_that_answers_the_last_dot_too_late_leaves_it_open_what_happened(self):
        with open_postbox() as postbox:
            postbox.slow = 1.0
            with pytest.raises(transports.Ambiguous):
                send(f"smtp://127.0.0.1:{postbox.port}?timeout=2&data_timeout=0.2")

    def test_f14_a_server_that_never_greets_is_left_alone_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            port = mute.getsockname()[1]
            with pytest.raises(transports.Unreachable):
                send(f"smtp://127.0.0.1:{port}?timeout=0.2")

    def test_a_server_that_hangs_up_in_the_middle_leaves_it_open_what_happened(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=_hang_up_after_the_mail, args=[server])
            thread.start()
            with pytest.raises(transports.Ambiguous):
                send(f"smtp://127.0.0.1:{server.getsockname()[1]}?timeout=2&data_timeout=2")
            thread.join(timeout=5)


def _hang_up_after_the_mail(server):
    line, _ = server.accept()
    with line, line.makefile("rb") as heard:
        line.sendall(b"220 hello\r\n")
        for command in heard:
            if command.startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
            elif command == b".\r\n":
                return
            elif command[:4] in {b"ehlo", b"EHLO", b"MAIL", b"RCPT"}:
                line.sendall(b"250 fine\r\n")


class TestEncryption:
    def test_the_reply_says_how_the_line_was_encrypted(self, certificate):
        with open_postbox(certificate=certificate) as postbox:
            reply = send(f"smtp+tls://localhost:{postbox.port}?timeout=5&ca={certificate}")
        assert reply.tls.startswith("TLSv1.3 ")

    def test_f15_a_certificate_that_nobody_vouches_for_stops_it(self, certificate):
        with open_postbox(certificate=certificate) as postbox, pytest.raises(transports.Insecure):
            send(f"smtp+tls://localhost:{postbox.port}?timeout=5")
        assert postbox.mails == []

    def test_f15_a_certificate_for_another_host_stops_it(self, certificate):
        with open_postbox(certificate=certificate) as postbox, pytest.raises(transports.Insecure):
            send(f"smtp+tls://127.0.0.1:{postbox.port}?timeout=5&ca={certificate}")

    def test_f15_it_never_goes_on_in_clear_when_no_encryption_is_offered(self):
        with open_postbox() as postbox, pytest.raises(transports.Insecure):
            send(f"smtp+tls://127.0.0.1:{postbox.port}?timeout=5")
        assert not postbox.asked["MAIL"]

    def test_it_speaks_no_word_in_clear_to_a_server_that_should_encrypt_at_once(self):
        with open_postbox() as postbox, pytest.raises(transports.Insecure):
            send(f"smtp+ssl://127.0.0.1:{postbox.port}?timeout=5")
        assert postbox.connections == 0


class TestBox:
    def test_each_mail_is_a_whole_file_that_only_its_owner_reads(self, tmp_path):
        box = tmp_path / "var" / "mail"
        send(f"box://{box}")
        send(f"box://{box}")
        files = sorted(box.iterdir())
        assert [file.suffix for file in files] == [".eml", ".eml"]
        assert files[0].read_bytes() == mime()
        assert files[0].stat().st_mode & 0o777 == 0o600

    def test_a_box_that_cannot_be_written_to_is_unreachable(self):
        with pytest.raises(transports.Unreachable):
            send("box:///dev/null")


def test_a_reply_can_be_kept_without_the_address_it_quotes():
    reply = transports.Reply(550, "5.1.1 <ada@mail.example>: no such user (ada+x@mail.example)")
    assert "ada" not in reply.without_addresses()
    assert reply.without_addresses().startswith("550 5.1.1 <")

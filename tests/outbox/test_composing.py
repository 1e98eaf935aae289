import email
import email.policy
import platform
import socket
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest

from outbox import composing
from outbox.building import Attachment, HeaderRefused, Mail

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINE_BREAKS = ["\r\n", "\r", "\n", "\u2028", "\u2029", "\x85", "\x00"]


def mail(**more):
    return Mail(**{"to": "ada@mail.example", "subject": "A note", "text": "Hello."} | more)


def composed(**more):
    content = composing.compose(mail(**more), message_id="<1@localhost>", at=AT)
    return content, email.message_from_bytes(content, policy=email.policy.default)


def test_it_carries_chosen_headers_only(settings):
    _, found = composed(html="<p>Hello.</p>", headers={"List-Unsubscribe": "<https://letters.example/u/x/>"})
    assert set(found.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == "<1@localhost>"
    assert found["Date"].datetime == AT


def test_it_is_text_with_html_beside_it():
    _, found = composed(text="Grüße, سلام\n", html="<p>Grüße, سلام</p>")
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert found.get_body(("plain",)).get_content().splitlines() == ["Grüße, سلام"]


def test_every_line_ends_and_fits_as_mail_wants_it():
    content, _ = composed(text="Long " * 500 + "سلام " * 300)
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 998


def test_it_comes_from_us_and_only_the_name_beside_the_address_may_differ():
    assert composed()[1]["From"] == "Undersigned <letters@undersigned.example>"
    assert composed(from_name="Clean Rivers")[1]["From"] == "Clean Rivers <letters@undersigned.example>"


WORDS = (
    "پاکستان", "کی", "حکومت", "سے", "مطالبہ", "ہے", "کہ", "افغان", "پناہ", "گزینوں", "کی", "جبری", "بے",
    "دخلی", "Rivers", "Größe,", "نامه",
)  # fmt: skip


@pytest.mark.parametrize("first", range(len(WORDS)))
def test_long_words_in_other_scripts_keep_their_spaces(first):
    """Whoever reads a mail drops what stands between two encoded words (RFC 2047, section 6.2)."""
    for words in range(1, 2 * len(WORDS)):
        text = " ".join((WORDS * 3)[first : first + words])
        content, found = composed(subject=text, from_name=text)
        assert found["Subject"] == text
        assert found["From"].addresses[0].addr_spec == "letters@undersigned.example"
        as_others_read = email.message_from_bytes(content)
        for header, expected in (("Subject", text), ("From", f"{text} <letters@undersigned.example>")):
            assert str(make_header(decode_header(as_others_read[header]))) == expected
        assert max(map(len, content.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 76


def test_it_does_not_name_this_machine():
    content, _ = composed(html="<p>x</p>", attachments=[Attachment(name="letter.pdf", content=b"%PDF")])
    for name in {socket.gethostname(), platform.node()} - {"localhost"}:
        assert name.encode() not in content


def test_a_file_travels_with_its_name():
    _, found = composed(
        attachments=[Attachment(name="نامه.pdf", content=b"%PDF", content_type="application/pdf")]
    )
    file = next(found.iter_attachments())
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "نامه.pdf", "application/pdf", b"%PDF",
    )  # fmt: skip


@pytest.mark.parametrize("field", ["to", "subject", "from_name", "reply_to"])
@pytest.mark.parametrize("line_break", LINE_BREAKS)
def test_t07_no_header_can_be_broken_over_lines(field, line_break):
    with pytest.raises(HeaderRefused):
        mail(**{field: f"x{line_break}Bcc: everybody@mail.example"})


@pytest.mark.parametrize("headers", [{"Bcc": "x"}, {"X-Mailer": "x"}, {"List-Id": "x\r\nBcc: y"}])
def test_t07_no_other_header_gets_in(headers):
    with pytest.raises(HeaderRefused):
        mail(headers=headers)


@pytest.mark.parametrize(
    ("site", "host"),
    [("https://letters.example", "letters.example"), ("https://bücher.example/", "xn--bcher-kva.example")],
)
def test_our_name_is_the_site_s(settings, site, host):
    settings.SITE_URL = site
    assert composing.site_host() == host

import datetime
import random
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from deliveries.dossiers import freezing
from deliveries.papers import certificates, rendering, stamping, timestamping
from deliveries.proofs import verifying
from tests.deliveries import authority

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed"),
]


@pytest.fixture
def paper(letter):
    return rendering.render(freezing.edition_of(letter.current))


@pytest.fixture
def tsa(settings, tmp_path):
    with authority.time_stamping(tmp_path) as (url, answers):
        settings.TSA_URL = url
        yield answers


def check(content):
    return verifying.verify(content, keys=verifying.own_keys(), unseal=stamping.check)


def altered(paper, spot, bit):
    other = bytearray(paper)
    other[spot] ^= bit
    return bytes(other)


def test_a_paper_tells_when_it_was_signed_by_an_authoritys_word(paper, tsa):
    stamped = stamping.stamp(paper)
    at = stamping.check(stamped).stamp.at
    assert abs(datetime.datetime.now(datetime.UTC) - at) < datetime.timedelta(minutes=30)
    assert "time stamp" in check(stamped).checked[1] and check(stamped).is_known


def test_another_program_finds_signature_and_time_stamp_whole(paper, tsa, tmp_path):
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not installed")
    (tmp_path / "paper.pdf").write_bytes(stamping.stamp(paper))
    said = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "paper.pdf"], capture_output=True, text=True
    ).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


def test_openssl_finds_the_time_stamp_whole(paper, tsa, tmp_path):
    given = timestamping.token(b"a signature")
    (tmp_path / "token").write_bytes(given.dump())
    (tmp_path / "data").write_bytes(b"a signature")
    said = authority.openssl(
        "ts", "-verify", "-token_in", "-in", tmp_path / "token", "-data", tmp_path / "data",
        "-CAfile", tmp_path / "ca.pem",
    )  # fmt: skip
    assert b"OK" in said


def test_a_flipped_byte_of_signature_or_time_stamp_is_refused(paper, tsa):
    stamped = stamping.stamp(paper)
    begin = stamped.index(b"/Contents <") + len(b"/Contents <")
    end = begin + len(stamped[begin:].split(b">")[0].rstrip(b"0"))
    dice = random.Random(11)
    for spot in [begin, end - 2, end, end + 8, *dice.sample(range(begin, end), 24)]:
        with pytest.raises(verifying.CheckFailed):
            check(altered(stamped, spot, dice.choice((0x01, 0x02, 0x20))))


def test_another_signatures_time_stamp_is_refused(paper, tsa):
    with pytest.raises(timestamping.ContainerAltered):
        timestamping.check(timestamping.token(b"one"), b"another")


@pytest.mark.parametrize("answer", [500, b"", b"nonsense", bytes.fromhex("30053003020102")])
def test_an_authority_that_gives_none_is_told_of(paper, tsa, answer):
    tsa.append(answer)
    with pytest.raises(stamping.NoTimeStamp):
        stamping.stamp(paper)
    assert stamping.check(stamping.stamp(paper)).stamp


def test_an_answer_to_another_question_is_refused(paper, tsa, tmp_path):
    timestamping.token(b"earlier")
    asked = ["-queryfile", tmp_path / "question", "-config", tmp_path / "tsa.cnf"]
    tsa.append(authority.openssl("ts", "-reply", *asked))
    with pytest.raises(stamping.NoTimeStamp, match="another question"):
        timestamping.token(b"later")


def test_an_authority_that_is_away_is_told_of(paper, settings):
    settings.TSA_URL = "http://127.0.0.1:1/"
    with pytest.raises(stamping.NoTimeStamp):
        stamping.stamp(paper)


class TestACertificateThatAnAuthorityIssued:
    @pytest.fixture(autouse=True)
    def issued(self, settings, tmp_path):
        settings.PDF_CERTIFICATE = str(authority.certificate(tmp_path))

    def test_signs_papers_with_the_chain_that_leads_to_its_root(self, paper, tsa):
        stamped = stamping.stamp(paper)
        assert stamping.check(stamped).fingerprint == certificates.fingerprint()
        assert check(stamped).is_known

    def test_no_byte_of_the_chain_can_be_flipped(self, paper):
        stamped = stamping.stamp(paper)
        begin = stamped.index(b"/Contents <") + len(b"/Contents <")
        end = begin + len(stamped[begin:].split(b">")[0].rstrip(b"0"))
        for spot in random.Random(5).sample(range(begin, end), 16):
            with pytest.raises(verifying.CheckFailed):
                check(altered(stamped, spot, 0x01))

    def test_other_programs_find_it_whole(self, paper, tmp_path):
        if not shutil.which("pdfsig"):
            pytest.skip("pdfsig is not installed")
        (tmp_path / "paper.pdf").write_bytes(stamping.stamp(paper))
        said = subprocess.run(
            ["pdfsig", "-nocert", tmp_path / "paper.pdf"], capture_output=True, text=True
        ).stdout
        assert "Signature is Valid" in said


def test_an_authority_sends_nobody_elsewhere(settings, tmp_path):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def do_POST(self):
            self.send_response(302)
            self.send_header("Location", "/inside")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
        with pytest.raises(timestamping.NoTimeStamp):
            timestamping.token(b"a signature")
        server.shutdown()
    assert asked == []

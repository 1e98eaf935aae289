"""What the seal on a paper says: reads what anybody may bring, and believes nothing of it.

Run as a program it reads one paper for another process, within bounds of time and memory: a PDF of some
hundred bytes can claim billions of objects, which its reader would keep.
"""

import importlib
import io
import json
import resource
import subprocess  # nosec B404
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from deliveries.papers import certificates, containers, timestamping

ROOT = Path(__file__).resolve().parents[2]
ALTERED, TOO_MUCH = 3, 4  # how the program ends that found so
MIB = 1 << 20
# A paper of 100,000 names (9 MB) unpacks to 20 MB, and takes 1 s and 150 MB of addresses to be read
MEMORY, MEMORY_PER_BYTE = 256 * MIB, 10
SECONDS, BYTES_PER_SECOND = 5, 2_000_000  # of a processor; starting takes 0.7
PATIENCE = 6  # how much longer than that is waited for a processor
ENTRY = 2  # seconds that a second paper waits for the first: whoever waits holds one of few threads
_one = threading.BoundedSemaphore()  # paper at a time is read for a process, whoever brings how many


class PaperAltered(Exception):
    """The file is not, byte for byte, what was signed; the message says which check failed."""


class TooMuch(Exception):
    """Reading the file takes more time or memory than any paper of ours."""


class Unread(Exception):
    """The machine is too busy to read the file now."""


class Seal(NamedTuple):
    """What a paper's signature says: by whom (SHA-256 of a certificate), of which list, and stamped when."""

    fingerprint: str
    attached: bytes
    stamp: timestamping.Stamp | None = None


def check(paper: bytes, *, inside: Sequence[str]) -> Seal:
    """Who signed the file, its attachment of the first of the names `inside`, and its time stamp.

    Strict: one signature, over every byte but its own, and of that every byte is as we would write it.
    Raises PaperAltered, TooMuch.
    """
    from pyhanko.pdf_utils.misc import PdfDecodeLimitError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(paper), decode_limits=_limits())
        signatures = list(reader.embedded_signatures)
        if len(signatures) != 1:
            raise PaperAltered("it does not bear one signature")
        fingerprint = _check_signature(paper, signatures[0])
        return Seal(fingerprint, _attachment(reader, inside), _check_container(paper, signatures[0]))
    except PaperAltered:
        raise
    except (PdfDecodeLimitError, MemoryError):
        raise TooMuch from None
    except Exception as error:  # a broken file fails in as many ways as there are bytes
        raise PaperAltered("its structure is broken") from error


def check_apart(paper: bytes, *, inside: Sequence[str]) -> Seal:
    """The same by a process of its own, whose time and memory are bounded by the paper's size.

    Raises PaperAltered, TooMuch, Unread.
    """
    seconds = SECONDS + len(paper) // BYTES_PER_SECOND
    asked = {"inside": list(inside), "seconds": seconds, "memory": MEMORY + MEMORY_PER_BYTE * len(paper)}
    if not _one.acquire(timeout=ENTRY):
        raise Unread
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603 (this very file)
            [sys.executable, "-E", "-s", "-m", __name__],
            input=json.dumps(asked).encode() + b"\n" + paper,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={},
            timeout=seconds + PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise Unread from None
    finally:
        _one.release()
    if done.returncode == ALTERED:
        raise PaperAltered(done.stderr.decode())
    if done.returncode == TOO_MUCH or done.returncode < 0:  # by a signal: of SIGXCPU, or out of memory
        raise TooMuch
    done.check_returncode()
    told, _line, attached = done.stdout.partition(b"\n")
    return _told(json.loads(told), attached)


def aside(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What pyHanko does in an event loop of its own, in a thread that has none yet."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work, *arguments, **named).result()


def _limits() -> Any:
    """What is unpacked of one file. No paper of ours has streams of references or of objects."""
    from pyhanko.pdf_utils import decode_limits as limits

    small = limits.StreamDecodeLimits(max_ratio=None, max_output_size=64 * 1024)
    purposes = limits.DecodePurpose
    return limits.DecodeLimits(
        per_purpose={
            **limits.DEFAULT_PURPOSE_LIMITS,
            purposes.XREF_STREAM: small,
            purposes.OBJECT_STREAM: small,
        },
        document_budget=limits.DocumentDecodeBudget(base_allowance=64 * MIB, max_ratio=20),
    )


def _check_signature(paper: bytes, signature: Any) -> str:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    certificate, token = signature.signer_cert, containers.token_in(signature.signed_data)
    stamper = containers.chain(token["content"])[0] if token else certificate
    trusted, stamping = (
        ValidationContext(trust_roots=[one], allow_fetching=False) for one in (certificate, stamper)
    )
    status = aside(
        validate_pdf_signature,
        signature,
        signer_validation_context=trusted,
        ts_validation_context=stamping,
    )
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise PaperAltered("something was added after it was signed")
    if not (status.intact and status.valid):
        raise PaperAltered("its bytes are not those that were signed")
    return certificates.fingerprint_of(certificate.dump())


def _check_container(paper: bytes, signature: Any) -> timestamping.Stamp | None:
    """The signature cannot cover itself: it has to be exactly what it means, in our own spelling."""
    first, before, after, rest = (int(number) for number in signature.byte_range)
    if first != 0 or after + rest != len(paper):
        raise PaperAltered("something was added after it was signed")
    signed = signature.signed_data
    given = containers.token_in(signed)
    token = containers.rebuild(given["content"]) if given else None
    if paper[before:after] != containers.written(containers.rebuild(signed, token=token), after - before):
        raise PaperAltered("the signature itself was altered")
    value = signed["signer_infos"][0]["signature"].native
    return timestamping.check(given, value) if given else None


def _attachment(reader: Any, inside: Sequence[str]) -> bytes:
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    files = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
    return bytes(files[next(name for name in inside if name in files)]["/EF"]["/F"].data)


def _told(told: dict[str, Any], attached: bytes) -> Seal:
    stamp = told["stamp"] and timestamping.Stamp(datetime.fromisoformat(told["stamp"][0]), told["stamp"][1])
    return Seal(told["fingerprint"], attached, stamp)


def _main() -> int:
    """Read the paper on standard input; what it says goes to standard output, why not to the error."""
    importlib.import_module("pyhanko.sign.validation")  # before memory is short
    asked = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))
    try:
        seal = check(sys.stdin.buffer.read(), inside=asked["inside"])
    except PaperAltered as error:
        sys.stderr.write(str(error))
        return ALTERED
    except TooMuch:
        return TOO_MUCH
    stamp = seal.stamp and [seal.stamp.at.isoformat(), seal.stamp.fingerprint]
    sys.stdout.buffer.write(json.dumps({"fingerprint": seal.fingerprint, "stamp": stamp}).encode() + b"\n")
    sys.stdout.buffer.write(seal.attached)
    return 0


if __name__ == "__main__":
    sys.exit(_main())

"""The seal on our papers: a PAdES signature over the whole file. The only module that knows pyHanko."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from asn1crypto import cms
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from deliveries.dossiers.parting import ATTACHMENT, NOTE, STATEMENT
from deliveries.papers import certificates, containers, timestamping
from deliveries.papers.timestamping import NoTimeStamp

__all__ = ["NoTimeStamp", "PaperAltered", "Seal", "check", "stamp"]

FIELD = "Undersigned"
RESERVED = 32_768  # hexadecimal digits: two chains of certificates and a time stamp


class PaperAltered(Exception):
    """The file is not, byte for byte, what was signed; the message says which check failed."""


class Seal(NamedTuple):
    """What a paper's signature says: by whom (SHA-256 of a certificate), of which list, and stamped when."""

    fingerprint: str
    attached: bytes
    stamp: timestamping.Stamp | None = None


def stamp(paper: bytes, *, is_timed: bool = True) -> bytes:
    """The paper with our signature over all of it, added last. Two stamps of one paper differ.

    With TSA_URL the signature gets a time stamp, too, unless it is not to be timed: then nobody else is
    asked, as while a reader waits. Raises CertificateUnusable, NoTimeStamp.
    """
    signer = signers.SimpleSigner.load_pkcs12(str(certificates.ensure()))
    if signer is None:
        raise certificates.CertificateUnusable(certificates.file())
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    stamped = _aside(
        signers.sign_pdf,
        IncrementalPdfFileWriter(io.BytesIO(paper)),
        metadata,
        signer,
        output=io.BytesIO(),
        bytes_reserved=RESERVED,
    )
    return _spelled(stamped.getvalue(), is_timed=is_timed)


def _spelled(paper: bytes, *, is_timed: bool) -> bytes:
    """The signed paper with the signature's container in our own spelling, time stamp included."""
    signature = PdfFileReader(io.BytesIO(paper)).embedded_signatures[0]
    signed = signature.signed_data
    value = signed["signer_infos"][0]["signature"].native
    token = timestamping.token(value) if settings.TSA_URL and is_timed else None
    _first, before, after, _rest = (int(number) for number in signature.byte_range)
    written = _written(containers.rebuild(signed, token=token), after - before)
    return paper[:before] + written + paper[after:]


def _written(container: cms.ContentInfo, size: int) -> bytes:
    """A container as it stands in the file, padded to the room that was kept for it."""
    hexadecimal = container.dump().hex().upper().encode()
    return b"<" + hexadecimal.ljust(size - 2, b"0") + b">"


def _aside(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What pyHanko does in an event loop of its own, in a thread that has none yet."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work, *arguments, **named).result()


def check(paper: bytes) -> Seal:
    """Who signed the file, the list inside (or a volume's note), and its time stamp. Raises PaperAltered.

    Strict: one signature, over every byte but its own, and of that every byte is as we would write it.
    """
    try:
        reader = PdfFileReader(io.BytesIO(paper))
        signatures = list(reader.embedded_signatures)
        if len(signatures) != 1:
            raise PaperAltered(f"it has {len(signatures)} signatures instead of one")
        fingerprint = _check_signature(paper, signatures[0])
        return Seal(fingerprint, _attachment(reader), _check_container(paper, signatures[0]))
    except PaperAltered:
        raise
    except Exception as error:  # a broken file fails in as many ways as there are bytes
        raise PaperAltered("its structure is broken") from error


def _check_signature(paper: bytes, signature: Any) -> str:
    certificate, token = signature.signer_cert, containers.token_in(signature.signed_data)
    stamper = containers.chain(token["content"])[0] if token else certificate
    trusted, stamping = (
        ValidationContext(trust_roots=[one], allow_fetching=False) for one in (certificate, stamper)
    )
    status = _aside(
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
    if paper[before:after] != _written(containers.rebuild(signed, token=token), after - before):
        raise PaperAltered("the signature itself was altered")
    value = signed["signer_infos"][0]["signature"].native
    return timestamping.check(given, value) if given else None


def _attachment(reader: PdfFileReader) -> bytes:
    """The list inside, a further volume's note on what it is, or a certificate's statement."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    files = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
    return files[next(name for name in (ATTACHMENT, NOTE, STATEMENT) if name in files)]["/EF"]["/F"].data

"""The seal on our papers: a PAdES signature over the whole file. The only module that knows pyHanko."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from deliveries import certificates
from deliveries.parting import ATTACHMENT, NOTE

FIELD = "Undersigned"


class PaperAltered(Exception):
    """The file is not, byte for byte, what was signed; the message says which check failed."""


def stamp(paper: bytes) -> bytes:
    """The paper with our signature over all of it, added last. Two stamps of one paper differ.

    Raises CertificateUnusable.
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
    )
    return stamped.getvalue()


def _aside(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What pyHanko does in an event loop of its own, in a thread that has none yet."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work, *arguments, **named).result()


def check(paper: bytes) -> tuple[str, bytes]:
    """The fingerprint of who signed the file, and the list inside, or a volume's note. Raises PaperAltered.

    Strict: one signature, over every byte but its own, and of that every byte is as we would write it.
    """
    try:
        reader = PdfFileReader(io.BytesIO(paper))
        signatures = list(reader.embedded_signatures)
        if len(signatures) != 1:
            raise PaperAltered(f"it has {len(signatures)} signatures instead of one")
        fingerprint = _check_signature(paper, signatures[0])
        return fingerprint, _attachment(reader)
    except PaperAltered:
        raise
    except Exception as error:  # a broken file fails in as many ways as there are bytes
        raise PaperAltered("its structure is broken") from error


def _check_signature(paper: bytes, signature: Any) -> str:
    certificate = signature.signer_cert
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = _aside(validate_pdf_signature, signature, signer_validation_context=context)
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise PaperAltered("something was added after it was signed")
    if not (status.intact and status.valid):
        raise PaperAltered("its bytes are not those that were signed")
    _check_container(paper, signature)
    return certificates.fingerprint_of(certificate.dump())


def _check_container(paper: bytes, signature: Any) -> None:
    """The signature cannot cover itself: it has to be exactly what it means, in our own spelling."""
    first, before, after, rest = (int(number) for number in signature.byte_range)
    if first != 0 or after + rest != len(paper):
        raise PaperAltered("something was added after it was signed")
    written = paper[before:after]
    container = _rebuild(signature.signed_data).dump(force=True).hex().upper().encode()
    if written != b"<" + container.ljust(len(written) - 2, b"0") + b">":
        raise PaperAltered("the signature itself was altered")


def _rebuild(signed: cms.SignedData) -> cms.ContentInfo:
    """The container anew, from nothing but certificate, signed attributes and signature."""
    given = signed["signer_infos"][0]
    certificate = signed["certificates"][0].chosen
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": given["signed_attrs"].copy(),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": given["signature"].native,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", certificate)],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content})


def _attachment(reader: PdfFileReader) -> bytes:
    """The list inside, or a further volume's note on what it is."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    files = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
    return files[ATTACHMENT if ATTACHMENT in files else NOTE]["/EF"]["/F"].data

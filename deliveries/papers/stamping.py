"""The seal on our papers: a PAdES signature over the whole file. Only `reading` knows pyHanko, too.

Both load it when there is a paper: it takes a quarter of the time in which a process starts.
"""

import io

from django.conf import settings

from deliveries.dossiers.parting import ATTACHMENT, NOTE, STATEMENT
from deliveries.papers import certificates, containers, reading, timestamping
from deliveries.papers.reading import PaperAltered, Seal, TooMuch, Unread
from deliveries.papers.timestamping import NoTimeStamp

__all__ = ["NoTimeStamp", "PaperAltered", "Seal", "TooMuch", "Unread", "check", "check_apart", "stamp"]

FIELD = "Undersigned"
RESERVED = 32_768  # hexadecimal digits: two chains of certificates and a time stamp
INSIDE = (ATTACHMENT, NOTE, STATEMENT)


def stamp(paper: bytes, *, is_timed: bool = True) -> bytes:
    """The paper with our signature over all of it, added last. Two stamps of one paper differ.

    With TSA_URL the signature gets a time stamp, too, unless it is not to be timed: then nobody else is
    asked, as while a reader waits. Raises CertificateUnusable, NoTimeStamp.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = signers.SimpleSigner.load_pkcs12(str(certificates.ensure()))
    if signer is None:
        raise certificates.CertificateUnusable(certificates.file())
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    stamped = reading.aside(
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
    from pyhanko.pdf_utils.reader import PdfFileReader

    signature = PdfFileReader(io.BytesIO(paper)).embedded_signatures[0]
    signed = signature.signed_data
    value = signed["signer_infos"][0]["signature"].native
    token = timestamping.token(value) if settings.TSA_URL and is_timed else None
    _first, before, after, _rest = (int(number) for number in signature.byte_range)
    written = containers.written(containers.rebuild(signed, token=token), after - before)
    return paper[:before] + written + paper[after:]


def check(paper: bytes) -> Seal:
    """Who signed the file, the list inside (or a volume's note, or a certificate's statement), and its time
    stamp. Of a paper of our own; raises PaperAltered, TooMuch.
    """
    return reading.check(paper, inside=INSIDE)


def check_apart(paper: bytes) -> Seal:
    """The same of a paper that anybody may have made. Raises PaperAltered, TooMuch, Unread."""
    return reading.check_apart(paper, inside=INSIDE)

"""Time stamps on papers: a third party's word for when a signature was there (RFC 3161)."""

import hashlib
import hmac
import logging
import secrets
import urllib.request
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asn1crypto import cms, tsp
from django.conf import settings

from deliveries.papers import containers
from deliveries.papers.containers import ContainerAltered

logger = logging.getLogger(__name__)

PATIENCE = 20  # seconds
LARGEST = 100_000  # bytes of an answer
DIGEST = "sha256"


class NoTimeStamp(Exception):
    """The time-stamping authority (TSA_URL) gave no stamp that fits; the paper may be stamped later."""


class Stamp(NamedTuple):
    """When (UTC), and the SHA-256 of the certificate of who says so."""

    at: datetime
    fingerprint: str


def token(signature: bytes) -> cms.ContentInfo:
    """A time stamp for a signature, asked for where TSA_URL says, in our own spelling. Raises NoTimeStamp."""
    nonce = secrets.randbits(63)
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": DIGEST},
                "hashed_message": hashlib.new(DIGEST, signature).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    try:
        answer = tsp.TimeStampResp.load(_ask(asked.dump()), strict=True)
        if answer["status"]["status"].native not in {"granted", "granted_with_mods"}:
            raise NoTimeStamp("it was refused")
        signed = answer["time_stamp_token"]["content"]
        if not hmac.compare_digest(str(containers.tst_info(signed)["nonce"].native), str(nonce)):
            raise NoTimeStamp("it answers another question")
        stamp = containers.rebuild(signed)
        check(stamp, signature)
    except NoTimeStamp:
        raise
    except Exception as error:  # an answer of somebody else's fails in as many ways as there are bytes
        logger.warning("no time stamp: %s", type(error).__name__)
        raise NoTimeStamp("there is no answer that can be read") from error
    return stamp


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """An authority answers itself: no answer of it has us ask at other addresses, as inside our network."""

    def redirect_request(self, *_asked: Any) -> None:
        return None


def _ask(question: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "undersigned"}
    request = urllib.request.Request(settings.TSA_URL, question, headers)  # noqa: S310 (http by its setting)
    with urllib.request.build_opener(_Nowhere).open(request, timeout=PATIENCE) as answer:
        return bytes(answer.read(LARGEST))


def check(stamp: cms.ContentInfo, signature: bytes) -> Stamp:
    """When the signature was there, by a time stamp that is whole. Raises ContainerAltered.

    Who may stamp is not asked: everybody may ask whoever they like, and the fingerprint tells whom.
    """
    signed = stamp["content"]
    content = signed["encap_content_info"]["content"].contents
    containers.check_signed(signed, content)
    told, own = containers.tst_info(signed), containers.chain(signed)[0]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise ContainerAltered("it is no time stamp")
    imprint = told["message_imprint"]
    digest = str(imprint["hash_algorithm"]["algorithm"].native)
    if (
        digest not in containers.HASHES
        or hashlib.new(digest, signature).digest() != imprint["hashed_message"].native
    ):
        raise ContainerAltered("it is another signature's time stamp")
    usage = own.extended_key_usage_value
    if usage is None or "time_stamping" not in usage.native or not _names(signed, own.dump()):
        raise ContainerAltered("its signer is not one for time stamps")
    return Stamp(told["gen_time"].native.astimezone(UTC), hashlib.sha256(own.dump()).hexdigest())


def _names(signed: cms.SignedData, certificate: bytes) -> bool:
    """Whether the signed attributes name this certificate (RFC 5816; the older form by SHA-1)."""
    signer = signed["signer_infos"][0]
    if newer := containers.attribute(signer, "signing_certificate_v2"):
        named = newer["certs"][0]
        digest = (named.get("hash_algorithm") or {}).get("algorithm", "sha256")
        return digest in containers.HASHES and hashlib.new(digest, certificate).digest() == named["cert_hash"]
    if older := containers.attribute(signer, "signing_certificate"):
        known = hashlib.sha1(certificate, usedforsecurity=False).digest()
        return bool(known == older["certs"][0]["cert_hash"])
    return False

"""Signatures' containers (CMS, RFC 5652), written in one way only.

A signature covers neither its container nor what stands there unsigned. So a container is always built anew
from what it means, and one that is spelled otherwise was altered.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
STAMP = "signature_time_stamp_token"


class ContainerAltered(Exception):
    """It is not, byte for byte, as we would write it."""


def rebuild(signed: cms.SignedData, *, token: cms.ContentInfo | None = None) -> cms.ContentInfo:
    """The container anew: certificates, signed attributes and signature, and a time stamp's token besides.

    Raises ContainerAltered for a kind of signature, or a chain of certificates, that nobody can check.
    """
    given = signed["signer_infos"][0]
    own, *others = chain(signed)
    told = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number", {"issuer": own.issuer, "serial_number": own.serial_number}
        ),
        "digest_algorithm": {"algorithm": digest_of(given)},
        "signed_attrs": cms.CMSAttributes.load(given["signed_attrs"].untag().dump(force=True)),
        "signature_algorithm": {"algorithm": algorithm_of(given, own)},
        "signature": given["signature"].native,
    }
    if token is not None:
        stamp = cms.CMSAttribute({"type": STAMP, "values": cms.SetOfContentInfo([_fresh(token)])})
        told["unsigned_attrs"] = _fresh(cms.CMSAttributes([_fresh(stamp)]))
    kind = signed["encap_content_info"]["content_type"].native
    inside = {"content_type": kind}
    if kind != "data":
        inside["content"] = core.ParsableOctetString(signed["encap_content_info"]["content"].contents)
    content = {
        "version": "v1" if kind == "data" else "v3",
        "digest_algorithms": [{"algorithm": digest_of(given)}],
        "encap_content_info": inside,
        "certificates": [cms.CertificateChoices("certificate", one) for one in (own, *others)],
        "signer_infos": [_fresh(cms.SignerInfo(told))],
    }
    return _fresh(
        cms.ContentInfo({"content_type": "signed_data", "content": _fresh(cms.SignedData(content))})
    )


def written(container: cms.ContentInfo, size: int) -> bytes:
    """A container as it stands in the file, padded to the room that was kept for it."""
    hexadecimal = container.dump().hex().upper().encode()
    return b"<" + hexadecimal.ljust(size - 2, b"0") + b">"


def _fresh(built: Any) -> Any:
    """The same, known by its bytes: asn1crypto writes what is new once more for each level around it."""
    return type(built).load(built.dump())


def token_in(signed: cms.SignedData) -> cms.ContentInfo | None:
    """The time stamp's token that stands beside the signature, if there is one."""
    for attribute in signed["signer_infos"][0]["unsigned_attrs"] or []:
        if attribute["type"].native == STAMP:
            return attribute["values"][0]
    return None


def digest_of(signer: cms.SignerInfo) -> str:
    name = str(signer["digest_algorithm"]["algorithm"].native)
    if name not in HASHES:
        raise ContainerAltered(name)
    return name


def algorithm_of(signer: cms.SignerInfo, own: asn1.Certificate) -> str:
    """How it was signed, if that fits its key and its digest."""
    name = str(signer["signature_algorithm"]["algorithm"].native)
    digest = digest_of(signer)
    known = {"ec": {f"{digest}_ecdsa"}, "rsa": {f"{digest}_rsa", "rsassa_pkcs1v15"}}
    if name not in known.get(own.public_key.algorithm, set()):
        raise ContainerAltered(name)
    return name


def chain(signed: cms.SignedData) -> list[asn1.Certificate]:
    """The signer's certificate; and behind it those that vouch for it, if they lead to one that nobody need.

    Of what leads nowhere nothing is kept: no signature of ours would cover a byte of it.
    """
    sid = signed["signer_infos"][0]["sid"]
    known = [one.chosen for one in signed["certificates"]]
    own = next(one for one in known if _is_of(one, sid))
    path = [own]
    while not path[-1].self_issued:
        above = [one for one in known if one.subject == path[-1].issuer and one not in path]
        if not above:
            path = [own]
            break
        path.append(above[0])
    read = [x509.load_der_x509_certificate(one.dump()) for one in path]
    path = [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in read]
    try:
        for lower, upper in pairwise([*read, read[-1]] if path[-1].self_issued else []):
            lower.verify_directly_issued_by(upper)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise ContainerAltered("a certificate") from error
    return path


def _is_of(certificate: asn1.Certificate, sid: cms.SignerIdentifier) -> bool:
    if sid.name == "issuer_and_serial_number":
        wanted = sid.chosen
        return bool(
            certificate.serial_number == wanted["serial_number"].native
            and certificate.issuer == wanted["issuer"]
        )
    return bool(certificate.key_identifier == sid.chosen.native)


def check_signed(signed: cms.SignedData, content: bytes) -> None:
    """Whether the signer's key signed the attributes, and these the content. Raises ContainerAltered."""
    signer, own = signed["signer_infos"][0], chain(signed)[0]
    digest = digest_of(signer)
    if attribute(signer, "message_digest") != hashlib.new(digest, content).digest():
        raise ContainerAltered("its content")
    key = x509.load_der_x509_certificate(own.dump()).public_key()
    attributes, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
    algorithm_of(signer, own)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, attributes, padding.PKCS1v15(), HASHES[digest])
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, attributes, ec.ECDSA(HASHES[digest]))
    except InvalidSignature as error:
        raise ContainerAltered("its signature") from error


def attribute(signer: cms.SignerInfo, name: str) -> Any:
    """The one value of a signed attribute; None without it."""
    found: Sequence[cms.CMSAttribute] = [one for one in signer["signed_attrs"] if one["type"].native == name]
    return found[0]["values"][0].native if found else None


def tst_info(signed: cms.SignedData) -> tsp.TSTInfo:
    """What a time stamp says."""
    return signed["encap_content_info"]["content"].parsed

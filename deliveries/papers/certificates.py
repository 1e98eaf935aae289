"""The certificate our papers are signed with: made by the site for itself, at the first need.

It proves that two papers come from one site and that neither was altered; who the site is, its fingerprint
must say by another way. A certificate that an authority issued can take its place (PDF_CERTIFICATE).
"""

import contextlib
import datetime
import hashlib
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

FRIENDLY_NAME = b"undersigned"
VALID_FOR = datetime.timedelta(days=3650)
# RFC 5280, 4.1.2.5: a moment that tells nothing of when the site was set up
SINCE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class CertificateUnusable(Exception):
    """PDF_CERTIFICATE names a file that is no PKCS#12 with a key and a certificate."""


def file() -> Path:
    """Where the certificate lies, PKCS#12 without a password and readable by its owner alone."""
    return Path(settings.PDF_CERTIFICATE)


def ensure() -> Path:
    """Make the certificate unless it is there; two processes that try at once get the same one."""
    path = file()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
            new.write(_make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # never replaces one that another process has just made
        draft.unlink()
    return path


def fingerprint() -> str:
    """SHA-256 of the site's own certificate, in hex, by which others know it. Raises CertificateUnusable."""
    try:
        _key, certificate, _others = pkcs12.load_key_and_certificates(ensure().read_bytes(), None)
    except ValueError as error:
        raise CertificateUnusable(file()) from error
    if certificate is None:
        raise CertificateUnusable(file())
    return certificate.fingerprint(hashes.SHA256()).hex()


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, in hex."""
    return hashlib.sha256(certificate).hexdigest()


def _make() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, settings.SITE_NAME),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.SITE_URL.partition("://")[2][:64]),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(SINCE + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing_only(), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(FRIENDLY_NAME, key, certificate, None, NoEncryption())


def _for_signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )

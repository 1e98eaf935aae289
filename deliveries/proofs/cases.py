"""A case file as the file it is: one ZIP that can be written in one way only, and is checked offline."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from deliveries.dossiers import editions
from deliveries.proofs import bundles
from deliveries.proofs.keys import CheckFailed, Finding, Keys

FORMAT = "undersigned-case-1"
KIND = "case"
ZIP = b"PK\x03\x04"
LARGEST = 100_000_000  # bytes: a mail of 25 MB, what is in it once more, and scans
MOST = 150  # files
WHEN = (1980, 1, 1, 0, 0, 0)  # as early as a ZIP can say: the same files give the same bytes
PUBLIC, CERTIFICATE = "dossier-public.json", "certificate.pdf"
EDITION, PAPER, MAIL = "edition-sent.json", "paper-sent.pdf", "mail.eml"
DELIVERY, REPORTS, RELEASE = "delivery.json", "reports.json", "release-manifest.json"
KNOWN = {bundles.NAME, PUBLIC, CERTIFICATE, EDITION, PAPER, MAIL, DELIVERY, REPORTS, RELEASE}
SCAN = re.compile(r"scan-[0-9]{1,12}\.webp")
# What the delivery's record calls the SHA-256 of a file
NAMED = {PAPER: "file", EDITION: "list", MAIL: "mail", RELEASE: "release"}


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP: sorted by name, at one moment, stored as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, WHEN)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # whatever machine writes it
            archive.writestr(entry, content)
    return packed.getvalue()


def check(content: bytes, *, keys: Keys, verify: Callable[[bytes], Finding]) -> Finding:
    """Check a case file: its seal, every file in it, and that not a byte more is there.

    `verify` checks what proves itself: both editions, the paper and the certificate.
    Raises CheckFailed, CannotTell.
    """
    files = _unpack(content)
    if bundles.NAME not in files:
        raise CheckFailed(_("There is no manifest in this file."))
    manifest = files[bundles.NAME]
    whole = bundles.check(manifest, names=files, read=files.__getitem__, keys=keys, verify=verify)
    if json.loads(manifest)["format"] != FORMAT or json.loads(manifest)["kind"] != KIND:
        raise CheckFailed(_("Its manifest is none of a case file."))
    for name in (PUBLIC, CERTIFICATE):
        if name in files:
            bundles.check_inside(name, files[name], verify)
    names = _check_record(files)
    checked = [*whole.checked, _("What is inside has the hashes that are on record for the delivery.")]
    if names == "destroyed":
        checked.append(_("The names that were for the offices alone are destroyed, as promised."))
    elif names == "withheld":
        checked.append(_("The names for the offices alone are not in it, nor the mail that has them."))
    return Finding(checked, whole.signer, whole.is_known)


def _unpack(content: bytes) -> dict[str, bytes]:
    """The files, if they are ours by name and size and packed as we pack them, byte for byte."""
    if len(content) > LARGEST:
        raise CheckFailed(_("It is larger than any case file."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise CheckFailed(_("It is no ZIP that can be read.")) from error
    if pack(files) != content:
        raise CheckFailed(_("It is not packed as the site packs it."))
    return files


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Before a byte is unpacked: no other names, none twice, nothing compressed, no more than there is."""
    names = [entry.filename for entry in entries]
    known = all(name in KNOWN or SCAN.fullmatch(name) for name in names)
    if len(names) > MOST or len(set(names)) != len(names) or not known:
        raise CheckFailed(_("It holds files that no case file has."))
    stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > size:
        raise CheckFailed(_("It is not packed as the site packs it."))


def _check_record(files: Mapping[str, bytes]) -> str:
    """Compare the files with the hashes in the delivery's record; returns what it says of the names."""
    try:
        told = json.loads(files[DELIVERY])
        known, names = dict(told["hashes"]), str(told["names"])
    except (KeyError, TypeError, ValueError):
        raise CheckFailed(_("The record of the delivery is missing or cannot be read.")) from None
    for name, what in NAMED.items():
        if name in files and editions.sha256(files[name]) != known.get(what):
            raise CheckFailed(_("%(name)s is not what is on record.") % {"name": name})
    return names

"""Several files that belong together, under a manifest which names each by its hash and is sealed as one."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from deliveries.dossiers import editions
from deliveries.proofs.keys import CannotTell, CheckFailed, Finding, Keys
from letters import publishing
from signatories.enrolled import roll

FORMAT = "undersigned-bundle-1"
NAME = "manifest.json"
LONGEST = 1_000_000  # bytes of a manifest
PROVING = ("edition-", "paper-")  # files that prove themselves begin so
SAFE = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,100}")  # a file beside the manifest, and no way anywhere else


def manifest(files: Mapping[str, bytes], *, kind: str, letter: str, at: str, form: str = FORMAT) -> bytes:
    """The manifest of the files, by name, as canonical JSON under the site's Ed25519 key.

    `kind` says what they are together ("archive", "case"), `at` of which moment (UTC), `form` which format
    the manifest has.
    """
    listed = [
        {"name": name, "size": len(content), "sha256": editions.sha256(content)}
        for name, content in sorted(files.items())
    ]
    told: dict[str, Any] = {
        "format": form,
        "kind": kind,
        "site": settings.SITE_URL,
        "letter": letter,
        "at": at,
    }
    told |= {"files": listed}
    seal = {"bundle": editions.digest(told), "kind": kind, "letter": letter, "key": roll.public_key()}
    return publishing.canonical(told | {"seal": seal | {"signature": roll.sign_head(seal)}})


def check(
    content: bytes, *, names: Iterable[str], read: Callable[[str], bytes], keys: Keys,
    verify: Callable[[bytes], Finding],
) -> Finding:  # fmt: skip
    """Check a manifest and the files that lie beside it: `names`, and how to `read` each.

    What among them proves itself, a dossier or its paper, is checked by `verify`, too. Raises CheckFailed,
    CannotTell.
    """
    told = _read(content)
    seal = told["seal"]
    if seal["bundle"] != editions.digest(told) or (seal["kind"], seal["letter"]) != (
        told["kind"],
        told["letter"],
    ):
        raise CheckFailed(_("The manifest was altered: its hash is not the one that was sealed."))
    if not roll.is_signed(seal, key=seal["key"]):
        raise CheckFailed(_("Its seal is not signed by the key that it names."))
    listed = {file["name"]: file for file in told["files"]}
    _check_names(listed, set(names))
    for name, file in listed.items():
        _check_file(name, file, read(name), verify)
    checked = [
        _("The manifest fits its seal, of %(at)s.") % {"at": told["at"]},
        _("All %(count)s files are there, and each is, byte for byte, what was sealed.")
        % {"count": len(listed)},
    ]
    return Finding(checked, seal["key"], seal["key"] in keys.roll)


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST:
        raise CheckFailed(_("The manifest is longer than any of ours."))
    try:
        told: dict[str, Any] = json.loads(content)
        shape = (told["files"][0]["sha256"], told["seal"]["signature"], told["kind"], told["at"])
        whole = publishing.canonical(told) == content and all(isinstance(part, str) for part in shape)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        whole = False
    if not whole:
        raise CheckFailed(_("It is not written as the site writes it."))
    return told


def _check_names(listed: Iterable[str], names: set[str]) -> None:
    for name in listed:
        if not SAFE.fullmatch(name):
            raise CheckFailed(_("The manifest names a file that cannot lie beside it."))
    if missing := sorted(set(listed) - names):
        raise CheckFailed(_("A file is missing: %(name)s.") % {"name": missing[0]})
    if added := sorted(names - set(listed) - {NAME}):
        raise CheckFailed(_("A file was added: %(name)s.") % {"name": added[0]})


def _check_file(name: str, file: dict[str, Any], content: bytes, verify: Callable[[bytes], Finding]) -> None:
    if len(content) != file["size"] or editions.sha256(content) != file["sha256"]:
        raise CheckFailed(_("A file was altered: %(name)s.") % {"name": name})
    if name.startswith(PROVING):
        check_inside(name, content, verify)


def check_inside(name: str, content: bytes, verify: Callable[[bytes], Finding]) -> None:
    """Let a file that proves itself do so; what fails bears its name. Raises CheckFailed, CannotTell."""
    try:
        verify(content)
    except (CheckFailed, CannotTell) as error:
        raise type(error)(f"{name}: {error}") from error

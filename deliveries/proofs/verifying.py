"""Checking a dossier, its paper or a receipt, offline: against itself and against keys one trusts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from deliveries.dossiers import editions, parting
from deliveries.dossiers.editions import Edition
from deliveries.papers import stamping
from deliveries.papers.stamping import Seal
from deliveries.proofs import altered, bundles, cases, statements
from deliveries.proofs.keys import CannotTell, CheckFailed, Finding, Keys, KeysUnreadable, own_keys, read_keys
from letters import correcting, publishing
from signatories.enrolled import roll
from signatories.models import Kind

__all__ = [
    "CannotTell",
    "CheckFailed",
    "Finding",
    "Keys",
    "KeysUnreadable",
    "own_keys",
    "read_keys",
    "verify",
    "verify_folder",
]

RECEIPT = "undersigned-receipt-1"
OURS = "undersigned-"
PDF = b"%PDF-"
Unseal = Callable[[bytes], Seal]


def verify(content: bytes, *, keys: Keys, unseal: Unseal = stamping.check_apart) -> Finding:
    """Check a paper (PDF), a case file (ZIP), an edition of a dossier or a receipt (JSON), by its bytes.

    Nothing is fetched. `unseal` reads the seal of a paper. Raises CheckFailed, CannotTell.
    """
    with _told_in_words():
        if content.startswith(cases.ZIP):
            return cases.check(content, keys=keys, verify=lambda inside: _verify_file(inside, keys, unseal))
        return _verify_file(content, keys, unseal)


def verify_folder(folder: Path, *, keys: Keys, unseal: Unseal = stamping.check_apart) -> Finding:
    """Check the archive bundle of a letter: every file under its manifest.

    Raises CheckFailed, CannotTell, OSError.
    """
    files = {path.name: path for path in folder.iterdir()}
    if bundles.NAME not in files or not all(path.is_file() for path in files.values()):
        raise CheckFailed(_("There is no manifest in this folder, or there are folders in it."))
    with _told_in_words():
        return bundles.check(
            files[bundles.NAME].read_bytes(),
            names=files,
            read=lambda name: files[name].read_bytes(),
            keys=keys,
            verify=lambda content: _verify_file(content, keys, unseal),
        )


@contextmanager
def _told_in_words() -> Iterator[None]:
    """Whoever seals a file may leave out or twist any part of it: a check that finds it so fails like others.

    Raises CheckFailed.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise CheckFailed(_("Parts of it are missing or are not what they should be.")) from None


def _verify_file(content: bytes, keys: Keys, unseal: Unseal) -> Finding:
    """Check a paper, or what is JSON; neither holds several files."""
    is_paper = content.startswith(PDF)
    return _verify_paper(content, keys, unseal) if is_paper else _verify_told(content, keys)


def _verify_told(content: bytes, keys: Keys) -> Finding:
    """Check what is JSON: an edition, a statement or a receipt."""
    try:
        paper = json.loads(content)
        form = paper["format"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise CheckFailed(_none_of_ours()) from None
    if form == editions.FORMAT:
        return _verify_edition(paper, content, keys)
    if form == statements.FORMAT:
        return statements.check(paper, content, keys=keys)
    if form == RECEIPT:
        return _verify_receipt(paper, keys)
    if str(form).startswith(OURS):  # of a later version, or what is one file of several alone
        raise CannotTell(_("Its format is not known here."))
    raise CheckFailed(_none_of_ours())


def _none_of_ours() -> str:
    return _("It is no paper, certificate, case file, list or receipt of this software.")


def _verify_paper(content: bytes, keys: Keys, unseal: Unseal) -> Finding:
    try:
        fingerprint, attached, stamp = unseal(content)
    except stamping.PaperAltered as error:
        raise CheckFailed(altered.in_words(str(error))) from error
    except stamping.TooMuch:
        raise CannotTell(
            _("To read it takes more time or memory than a paper of this software does.")
        ) from None
    except stamping.Unread:
        raise CannotTell(
            _("Others are checking files at this moment. Please try again in a minute.")
        ) from None
    checked = [_("The paper is, byte for byte, what was signed.")]
    if stamp:
        checked.append(
            _("It was signed by %(at)s, says the time stamp of the certificate %(fingerprint)s.")
            % {"at": editions.moment(stamp.at), "fingerprint": stamp.fingerprint}
        )
    if volume := parting.read_note(attached):
        checked.append(
            _(
                "It is volume %(volume)s of %(volumes)s: the names from %(first)s to %(last)s of the list "
                "whose SHA-256 is %(list)s. That list is attached to volume 1, which is to be checked too."
            )
            % volume
        )
        return Finding(checked, fingerprint, fingerprint in keys.certificates)
    inside = _verify_told(attached, keys)
    checked += inside.checked
    return Finding(checked, fingerprint, fingerprint in keys.certificates and inside.is_known)


def _verify_edition(edition: Edition, content: bytes, keys: Keys) -> Finding:
    if publishing.canonical(edition) != content:
        raise CheckFailed(_("It is not written as the site writes it."))
    seal = edition["seal"]
    if seal["dossier"] != editions.digest(edition) or seal["edition"] != edition["edition"]:
        raise CheckFailed(_("It was altered: its hash is not the one that was sealed."))
    if not roll.is_signed(seal, key=seal["key"]):
        raise CheckFailed(_("Its seal is not signed by the key that it names."))
    _check_text(edition)
    _check_roll(edition)
    _check_list(edition)
    count = edition["count"]["signatures"]
    checked = [
        _("The seal fits: nothing was altered since it was frozen at %(at)s.") % {"at": edition["taken_at"]},
        _("The text has the hash that was signed, %(hash)s.") % {"hash": edition["text"]},
        _("The roll’s %(size)s lines lead to the signed root.") % {"size": edition["head"]["size"]},
        _("The count of %(count)s is the roll’s own, and the list has a place for each.") % {"count": count},
    ]
    return Finding(checked, seal["key"], seal["key"] in keys.roll)


def _check_text(edition: Edition) -> None:
    texts = {text["language"]: text for text in edition["texts"]}
    for text in texts.values():
        if publishing.digest({name: value for name, value in text.items() if name != "hash"}) != text["hash"]:
            raise CheckFailed(_("A translation of the letter is not the one that was frozen."))
    for one in edition.get("corrections", []):
        text = texts.get(one["language"], {})
        is_there = any(one["before"] in text.get(field, "") for field in correcting.FIELDS)
        if not is_there or not correcting.is_slip(correcting.Slip(one["before"], one["after"])):
            raise CheckFailed(_("A correction of the text is more than a slip of the pen."))
    original = {name: value for name, value in texts[edition["original"]].items() if name != "hash"}
    signed = {"letter": edition["letter"], "version": edition["version"], "original": original}
    if publishing.digest(signed | {"recipients": edition["recipients"]}) != edition["text"]:
        raise CheckFailed(_("The text or its recipients are not those that were signed."))


def _check_roll(edition: Edition) -> None:
    head = edition["head"]
    if (head["letter"], head["version"]) != (edition["letter"], edition["version"]):
        raise CheckFailed(_("The tree head belongs to another letter."))
    if len(edition["roll"]) != head["size"] or roll.root(edition["roll"]) != head["root"]:
        raise CheckFailed(_("The roll’s lines do not lead to the root in the tree head."))
    if not roll.is_signed(head, key=edition["seal"]["key"]):
        raise CheckFailed(_("The tree head is not signed by the site’s key."))


def _check_list(edition: Edition) -> None:
    count, named = edition["count"], edition["signatories"]
    others = [*edition["unnamed"], *edition["left"]]
    living = _living(edition["roll"])
    if len(set(others)) != len(others) or not set(others) <= set(living):
        raise CheckFailed(_("The list holds a line that is not on the roll."))
    told = _told_before(edition)
    again = set(edition.get("supplement", {}).get("again", ()))
    of_list = {leaf for leaf, index in living.items() if index >= told} - again
    if not again <= set(living):
        raise CheckFailed(_("The list holds a line that is not on the roll."))
    if not set(edition["unnamed"]) <= of_list:
        raise CheckFailed(_("The list holds a line that an earlier part told."))
    if count["signatures"] != len(of_list - set(edition["left"])):
        raise CheckFailed(_("The count is not the roll’s."))
    if edition.get("total", len(living) - len(edition["left"])) != len(living) - len(edition["left"]):
        raise CheckFailed(_("The total is not the roll’s."))
    if count["signatures"] != len(named) + len(edition["unnamed"]):
        raise CheckFailed(_("The count is not the length of the list."))
    if set(count) != {"signatures"}:  # of a letter at risk, groups are not told apart
        _check_groups(count, named)
    if [one["number"] for one in named] != list(range(1, len(named) + 1)):
        raise CheckFailed(_("The list is not numbered without a gap."))
    if any({"verified", "logo"} & one.keys() and one["kind"] != Kind.ORGANISATION for one in named):
        raise CheckFailed(_("The list gives a badge or a logo to who is no organisation."))


def _check_groups(count: dict[str, int], named: list[dict[str, Any]]) -> None:
    if count["signatures"] != count["persons"] + count["organisations"]:
        raise CheckFailed(_("Persons and organisations do not add up."))
    organisations = sum(one["kind"] == Kind.ORGANISATION for one in named)
    if organisations > count["organisations"] or len(named) - organisations > count["persons"]:
        raise CheckFailed(_("More are named than are counted."))


def _told_before(edition: Edition) -> int:
    """How many lines of the roll the parts before a supplement were about; 0 for the whole."""
    if "supplement" not in edition:
        return 0
    after = edition["supplement"]["after"]
    if roll.root(edition["roll"][: after["size"]]) != after["root"]:
        raise CheckFailed(_("The roll does not begin with that of the part before."))
    return after["size"]


def _living(lines: list[str]) -> dict[str, int]:
    """The leaves that joined and have not left, each with its line of the roll."""
    left = {int(line[1:]) for line in lines if line.startswith("-")}
    return {line[1:]: index for index, line in enumerate(lines) if line.startswith("+") and index not in left}


def _verify_receipt(paper: dict[str, Any], keys: Keys) -> Finding:
    receipt, head = paper["receipt"], paper.get("head")
    if head is None:
        raise CannotTell(
            _(
                "It holds no proof yet, like every receipt from before the signature was enrolled. Download "
                "it once more."
            )
        )
    line = f"+{roll.commitment(receipt)}"
    if head["letter"] != receipt["letter"]:
        raise CheckFailed(_("The tree head belongs to another letter."))
    if not roll.proves(line, index=paper["index"], size=head["size"], path=paper["proof"], root=head["root"]):
        raise CheckFailed(_("The receipt’s line is not on the roll that the tree head was signed for."))
    checked = [
        _("The receipt is line %(index)s of a roll of %(size)s.")
        % {"index": paper["index"], "size": head["size"]}
    ]
    signer = next((key for key in sorted(keys.roll) if roll.is_signed(head, key=key)), None)
    return Finding(checked, signer or _("a key that is not known here"), signer is not None)

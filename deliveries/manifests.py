"""What exactly is approved when somebody lets a letter go, as one text with one hash."""

import json
from typing import Any

from deliveries.dossiers import editions
from deliveries.models import Dossier, Release
from letters import publishing
from letters.models import Recipient
from logos.models import Logo

FORMAT = "undersigned-release-1"


def of(release: Release) -> str:
    """The manifest of a release that is frozen, as things stand now: canonical JSON.

    Its dossier never changes. Everything else that an office would be told or sent is looked at anew: texts
    and their corrections, authors, whether the text was changed since, offices and where they are reached,
    who answers come to, and when it leaves. Who withdraws changes nothing of it.
    """
    dossier = release.dossier
    assert dossier is not None  # noqa: S101 - for the type checker
    letter = release.letter
    return publishing.canonical(
        {
            "format": FORMAT,
            "letter": letter.slug,
            "version": release.version.number,
            "part": dossier.part,
            "dossier": _dossier(dossier),
            "frame": _frame(release, dossier),
            "recipients": [_office(one) for one in release.recipients.order_by("order", "pk")],
            "leaves_at": editions.moment(release.leaves_at) if release.leaves_at else "",
            "in_office_hours": release.in_office_hours,
            "reply_to": letter.contact,
            "is_public": letter.taken_down_at is None and letter.archived_at is None,
        }
    ).decode()


def digest(manifest: str) -> str:
    """SHA-256 of a manifest, in hex."""
    return editions.sha256(manifest.encode())


def changed(release: Release) -> list[str]:
    """What is not any more as it stands in the release's manifest, by name; empty if nothing is.

    That the letter is not public is named even if it was not when it was prepared: nothing leaves of it.
    """
    before, now = json.loads(release.manifest) | {"is_public": True}, json.loads(of(release))
    return sorted(name for name in now if before.get(name) != now[name])


def _dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "public": dossier.public_hash,
        "sent": dossier.sent_hash,
        "root": dossier.root,
        "size": dossier.size,
        "signatures": dossier.signatures,
        "taken_at": editions.moment(dossier.taken_at),
    }


def _frame(release: Release, dossier: Dossier) -> str:
    """The hash of all that stands in the dossier about the letter itself, made anew."""
    logos = dict(Logo.objects.filter(author__letter=release.letter).values_list("author", "name"))
    frame = editions.frame(release.version, head={}, taken_at=dossier.taken_at, lines=[], logos=logos)
    return editions.digest(frame)


def _office(recipient: Recipient) -> dict[str, Any]:
    reached = ("language", "channel", "address", "postal", "time_zone", "size_limit")
    return publishing.office_of(recipient) | {name: getattr(recipient, name) for name in reached}

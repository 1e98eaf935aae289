"""The audit trail: who did what to which row, and when. It holds ids and counts, nobody's data."""

import logging

from django.db import models

from accounts.models import Trail, User

logger = logging.getLogger(__name__)

Detail = str | int | bool | None


class PersonalDetail(ValueError):
    """A detail looks like an address: the trail outlives the data of persons and must hold none."""


def record(what: str, *, about: models.Model, by: User | None, **detail: Detail) -> Trail:
    """Append one line, in the caller's transaction: what was done `by` a member of staff to a row.

    `by=None` is the operator on the command line, or the site itself; `acts` tells them apart. `detail`
    takes ids, counts, hashes and the names of choices. Raises PersonalDetail for anything with an @ in it.
    """
    if any("@" in str(value) for value in detail.values()):
        raise PersonalDetail(what)
    line = Trail.objects.create(
        who=by,
        what=what,
        about_type=about._meta.label_lower,
        about_id=about.pk,
        letter=detail.get("letter") or _letter_of(about),
        detail=detail,
    )
    logger.info(
        "%s: %s %s by %s", what, line.about_type, line.about_id, by.pk if by else "nobody at the desk"
    )
    return line


def _letter_of(about: models.Model) -> int | None:
    """The letter to which a row belongs: by itself, or by its version."""
    if about._meta.label_lower == "letters.letter":
        return about.pk
    within = getattr(about, "version", about)
    return getattr(within, "letter_id", None)

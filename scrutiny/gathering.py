"""Crowds that were announced: what they have in common is no sign of a machine while they last."""

import logging
from datetime import datetime

from django.db import transaction

from accounts import trail
from accounts.models import User
from letters.models import Letter
from scrutiny import domains
from scrutiny.models import Gathering

logger = logging.getLogger(__name__)


class SamePerson(Exception):
    """Who asks for a gathering does not approve it."""


@transaction.atomic
def approve(gathering: Gathering, *, by: User) -> bool:
    """Let the gathering be believed. False, and nothing changed, if it is already. Raises SamePerson."""
    row = Gathering.objects.select_for_update().get(pk=gathering.pk)
    if row.approved_by_id is not None:
        return False
    if row.asked_by_id == by.pk:
        raise SamePerson(row)
    row.approved_by = by
    row.save(update_fields=["approved_by"])
    trail.record("gathering approved", about=row, by=by, letter=row.letter_id)
    return True


def is_on(letter: Letter, *, since: datetime, until: datetime) -> bool:
    """Whether people of one place were announced under the letter for some moment between the two."""
    return Gathering.objects.during(since, until).filter(letter=letter).exists()


def hosts(letter: Letter, *, since: datetime, until: datetime) -> set[str]:
    """The blind indexes of the mail domains of which many were announced."""
    rows = Gathering.objects.during(since, until).filter(letter=letter).exclude(domain="")
    return {domains.index(domains.registrable(row.domain)) for row in rows}

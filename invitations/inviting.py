"""What a host does: prepare a list, send it, remind who has not answered."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import trail
from accounts.models import User
from invitations import emails
from invitations.models import MOST_REMINDERS, Invitation, InvitationQuerySet, State
from invitations.reading import Found, Row, Wrong
from letters.models import Letter
from outbox import posting
from scrutiny import limits
from signatories.signing import LetterNotOpen

logger = logging.getLogger(__name__)

DAY = timedelta(hours=24)
REMIND_AFTER = timedelta(days=5)  # since the last mail
MOST_PREPARED = 5000
PER_DAY = "invitations_per_letter_in_24_hours"


class TooManyPrepared(Exception):
    """So many wait to be sent already that no more can be kept."""


def of(letter: Letter, *, by: User) -> InvitationQuerySet:
    """The host's own invitations under a letter: nobody else's names and addresses are shown to anybody."""
    return Invitation.objects.filter(letter=letter, invited_by=by)


@transaction.atomic
def prepare(letter: Letter, found: Found, *, by: User) -> tuple[int, list[Wrong]]:
    """Keep the good rows of a list, which sends nothing.

    Returns how many are new, and all that could not be kept, in the order of the list.
    Raises TooManyPrepared.
    """
    mine = of(letter, by=by)
    if mine.prepared().count() + len(found.rows) > MOST_PREPARED:
        raise TooManyPrepared(letter)
    known = dict(mine.values_list("address", "posted_at"))
    names = set(letter.invitations.exclude(name_key=None).values_list("name_key", flat=True))
    new, again = list[Row](), list[Wrong]()
    for row in found.rows:
        if row.address in known:
            again.append(Wrong(row.line, row.text, [_invited(known[row.address])]))
        elif row.name_key in names:
            again.append(Wrong(row.line, row.text, [_announced()]))
        else:
            new.append(row)
            names |= {row.name_key} - {None}
    Invitation.objects.bulk_create(
        [
            Invitation(
                letter=letter, invited_by=by, name=row.name, email=row.email, address=row.address,
                language=row.language, country=row.country, evidence=row.evidence, name_key=row.name_key,
            )
            for row in new
        ],
        ignore_conflicts=True,  # the same list posted twice at once
    )  # fmt: skip
    if new:
        trail.record("invitations prepared", about=letter, by=by, invitations=len(new))
    return len(new), sorted([*found.wrong, *again], key=lambda wrong: wrong.line)


def _announced() -> str:
    return _("An organisation of this name is a founder already, or was announced before: once is enough.")


def _invited(posted_at: datetime | None) -> str:
    if posted_at is None:
        return _("This address stands among the prepared ones already.")
    return _("You have invited this address before, on %(day)s.") % {"day": posted_at.date().isoformat()}


@transaction.atomic
def discard(letter: Letter, *, by: User, public_id: str = "", founders: bool = False) -> int:
    """Take off what is prepared and not sent: one, or all. Returns how many."""
    rows = _prepared(letter, by=by, founders=founders)
    if public_id:
        rows = rows.filter(public_id=public_id)
    gone, _by_model = rows.delete()
    if gone:
        trail.record("invitations discarded", about=letter, by=by, invitations=gone)
    return gone


@transaction.atomic
def send(letter: Letter, *, by: User, founders: bool = False) -> tuple[int, int]:
    """Let the mails of what is prepared leave, as many as a letter may send in a day.

    Returns how many leave, and how many stay prepared for another day. Raises LetterNotOpen.
    """
    letter = _locked(letter)
    now = timezone.now()
    rows = _prepared(letter, by=by, founders=founders).order_by("pk")
    going = list(rows.values_list("pk", flat=True)[: left_today(letter, at=now)])
    Invitation.objects.filter(pk__in=going).update(posted_at=now)
    for pk in going:
        posting.post(emails.INVITATION, subject=pk, dedupe_key=f"{emails.INVITATION}:{pk}")
    if going:
        trail.record("invitations sent", about=letter, by=by, invitations=len(going))
    return len(going), rows.count()


@transaction.atomic
def remind(letter: Letter, *, by: User) -> int:
    """Write once more to those who have not answered for some days. Returns to how many.

    Raises LetterNotOpen.
    """
    letter = _locked(letter)
    now = timezone.now()
    rows = list(remindable(letter, by=by, at=now).order_by("pk")[: left_today(letter, at=now)])
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(
        reminders=F("reminders") + 1, reminded_at=now
    )
    for row in rows:
        key = f"{emails.REMINDER}:{row.pk}:{row.reminders + 1}"
        posting.post(emails.REMINDER, subject=row.pk, dedupe_key=key)
    if rows:
        trail.record("invitations reminded of", about=letter, by=by, invitations=len(rows))
    return len(rows)


def remindable(letter: Letter, *, by: User, at: datetime) -> InvitationQuerySet:
    """Who has not answered for some days, and was reminded less than twice."""
    rows = of(letter, by=by).unanswered().filter(reminders__lt=MOST_REMINDERS)
    return rows.filter(mailed_at__lte=at - REMIND_AFTER).exclude(reminded_at__gt=at - REMIND_AFTER)


def left_today(letter: Letter, *, at: datetime) -> int:
    """How many more mails the letter may send in this day, whoever invites."""
    rows = letter.invitations.all()
    gone = rows.filter(posted_at__gt=at - DAY).count() + rows.filter(reminded_at__gt=at - DAY).count()
    return max(limits.limit(PER_DAY) - gone, 0)


def counts(rows: Iterable[Invitation]) -> dict[State, int]:
    """How many stand where, in the order of the states; `rows` are with their answers."""
    found = Counter(row.state for row in rows)
    return {state: found[state] for state in State if found[state]}


def counts_of_others(letter: Letter, *, by: User) -> list[tuple[User, dict[State, int]]]:
    """What became of invitations by others, in numbers: their contacts are theirs."""
    rows = letter.invitations.posted().exclude(invited_by=by).with_answers().select_related("invited_by")
    hosts: dict[User, list[Invitation]] = {}
    for row in rows.defer("name", "email").order_by("invited_by", "pk"):
        hosts.setdefault(row.invited_by, []).append(row)
    return [(host, counts(mine)) for host, mine in hosts.items()]


def _prepared(letter: Letter, *, by: User, founders: bool) -> InvitationQuerySet:
    """What the host has prepared: founders, or those that are only invited."""
    mine = of(letter, by=by).prepared()
    return mine.founders() if founders else mine.ordinary()


def _locked(letter: Letter) -> Letter:
    """The letter, so that two who send at once share the day's allowance. Raises LetterNotOpen."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if not letter.is_open():
        raise LetterNotOpen(letter)
    return letter

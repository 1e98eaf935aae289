"""Taking back the private link to an office's page, since others have it, and giving the office a new one."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts import trail
from accounts.models import User
from deliveries import announcing, emails, handing, links, recording
from deliveries.models import Delivery, Report
from letters.models import Recipient
from outbox import clock, posting
from outbox.models import State

AGAIN = timedelta(minutes=10)  # in which who has lost the address of a page that they bring is shown it again
MOST, DAY = 3, timedelta(days=1)


class TooMany(Exception):
    """The office was given so many pages lately that another would only tire it."""


@transaction.atomic
def revoke(delivery: Delivery, *, by: User) -> None:
    """Close the office's page: its link opens nothing any more, for good. Raises recording.NotThatWay.

    The record stands, and all who may deliver the letter are told.
    """
    row = recording.locked(delivery)
    if not may_be_revoked(row):
        raise recording.NotThatWay(delivery)
    _report(row, Report.Kind.CLOSED, by=by)
    trail.record("page of an office closed", about=row, by=by, letter=row.dossier.version.letter_id)
    announcing.tell_of(row, announcing.CLOSED)


@transaction.atomic
def renew(delivery: Delivery, *, by: User) -> str:
    """Give an office whose page is closed a new one. Returns its address, where somebody has to bring it.

    Where the letter went by mail, so does the address, and this returns "": the desk does not see it. What
    somebody brings is not for who has proposed the delivery, since behind it are the names that only offices
    see; a second time within ten minutes they get the same. All who may deliver the letter are told.
    Raises recording.NotThatWay, handing.NeedsAnother, TooMany.
    """
    row = recording.locked(delivery)
    if _was_just_shown(row, by=by):
        return links.address(row)
    if not may_be_renewed(row):
        raise recording.NotThatWay(delivery)
    is_mailed = row.channel == Recipient.Channel.EMAIL
    if not is_mailed and not handing.may_have_all(row, by=by):
        raise handing.NeedsAnother(delivery)
    if _opened(row).filter(at__gt=clock.now() - DAY).count() >= MOST:
        raise TooMany(delivery)
    report = _report(row, Report.Kind.OPENED, by=by)
    trail.record("new page for an office", about=row, by=by, letter=row.dossier.version.letter_id)
    announcing.tell_of(row, announcing.OPENED)
    if is_mailed:
        posting.post(emails.NEW_PAGE, subject=report.pk, dedupe_key=f"{emails.NEW_PAGE}:{report.pk}")
        return ""
    return links.address(row)


def may_be_revoked(row: Delivery) -> bool:
    """Whether its office got a page of its own, which is open."""
    return _had_page(row) and links.pages(row).has_open()


def may_be_renewed(row: Delivery) -> bool:
    """Whether its office had a page that is closed, and something would stand on a new one."""
    is_down = row.dossier.version.letter.taken_down_at is not None
    is_real = _had_page(row) and not is_down and not row.is_demonstration()
    return is_real and not links.pages(row).has_open()


def _was_just_shown(row: Delivery, *, by: User) -> bool:
    last = _opened(row).last()
    is_theirs = last is not None and last.by_id == by.pk and last.at > clock.now() - AGAIN
    return is_theirs and row.channel != Recipient.Channel.EMAIL and links.pages(row).has_open()


def _opened(row: Delivery) -> QuerySet[Report]:
    return Report.objects.filter(delivery=row, kind=Report.Kind.OPENED)


def _had_page(row: Delivery) -> bool:
    return row.state == State.SENT and row.public_id is not None


def _report(row: Delivery, kind: Report.Kind, *, by: User) -> Report:
    return Report.objects.create(
        delivery=row, kind=kind, source=Report.Source.PERSON, by=by, at=clock.now()
    )  # fmt: skip

"""The mails that invite an organisation and remind it, in its language. They hold no word but the hosts'."""

from datetime import datetime

from django.utils import timezone, translation

from invitations import links
from invitations.models import ANNOUNCED_FOR, Invitation
from outbox.building import Mail, Nothing, Outcome, Slower, message
from outbox.draining import FAULTS
from outbox.models import Lane, Message
from signatories import signing
from signatories.emails import title_for_mail, write
from signatories.models import Mailbox

INVITATION = "invitation"
REMINDER = "reminder"
KINDS = (INVITATION, REMINDER)
ANSWERED = Nothing("the invitation is answered")
NOT_MAILED = Nothing("not mailed")


def has_left(post: Message, at: datetime) -> None:
    """From now on the organisation can say no: only now is a founder announced."""
    rows = Invitation.objects.filter(pk=post.subject)
    if rows.filter(mailed_at=None).update(mailed_at=at):
        could_say_no = rows.founders().filter(declined_at=None, bounced_at=None, not_mailed_at=None)
        could_say_no.update(announced_until=at + ANNOUNCED_FOR)


def is_dead(post: Message) -> None:
    """The mail server refuses the address for good; that we could not build the mail is not its fault."""
    if post.faults < FAULTS:
        Invitation.objects.filter(pk=post.subject).update(bounced_at=timezone.now(), announced_until=None)


def is_complained_of(post: Message, at: datetime) -> None:
    """Whoever calls an invitation spam has said never to write there."""
    row = Invitation.objects.filter(pk=post.subject).first()
    if row:
        signing.never_write_to(row.address)
        Mailbox.objects.filter(address=row.address).update(complained_at=at)
        Invitation.objects.filter(pk=row.pk).say_no(at)


@message(INVITATION, left=has_left, dead=is_dead, complained=is_complained_of)
def invitation(post: Message) -> Outcome:
    """To an organisation: somebody asks it to sign, and here is its own link."""
    return _build(post, is_reminder=False)


@message(REMINDER, left=has_left, dead=is_dead, complained=is_complained_of)
def reminder(post: Message) -> Outcome:
    """The same once more, if nothing was answered meanwhile."""
    return _build(post, is_reminder=True)


def _build(post: Message, *, is_reminder: bool) -> Outcome:
    row = Invitation.objects.with_answers().select_related("letter").filter(pk=post.subject).first()
    if row is None or row.email is None or row.declined_at or row.was_confirmed:  # type: ignore[attr-defined]
        return ANSWERED
    if not row.letter.is_open() or signing.wants_no_mail(row.address) or _is_others(row):
        if not is_reminder:
            Invitation.objects.filter(pk=row.pk).update(not_mailed_at=timezone.now())
        return NOT_MAILED
    if post.lane == Lane.FAST:
        return Slower(Lane.SLOW)  # whoever signs waits for a mail; whoever is invited does not
    return _write(row, is_reminder=is_reminder)


def _is_others(row: Invitation) -> bool:
    """Whether another host has invited the same address, or its owner has declined under this letter."""
    same = Invitation.objects.filter(letter=row.letter_id, address=row.address).exclude(pk=row.pk)
    return same.exclude(mailed_at=None, declined_at=None).exists()


def _write(row: Invitation, *, is_reminder: bool) -> Mail:
    discreet = row.letter.is_at_risk()
    with translation.override(row.language):
        link, no_link = links.to_sign(row), links.to_decline(row)
    authors = ", ".join(row.letter.authors.values_list("name", flat=True))
    return write(
        INVITATION,
        to=row.email or "",
        language=row.language,
        unsubscribe=no_link,
        is_discreet=discreet,
        letter_title=title_for_mail(row.letter, row.language),
        authors=None if discreet else authors,
        link=link,
        is_founder=row.evidence is not None and not discreet,
        days=ANNOUNCED_FOR.days,
        is_reminder=is_reminder,
    )

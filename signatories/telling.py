"""What those who moderate a letter are told by mail: it names neither letter nor signer, the desk does."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from letters.models import Letter, Role
from outbox import posting
from outbox.building import Mail, Nothing, message
from outbox.models import Alert, Message
from scrutiny import limits
from signatories import queue, summing
from signatories.judging import reviewing
from signatories.models import Signature

ALARM = "alarm"
REVIEW = "review"
WAITING = "waiting"
MORNING = 6  # UTC
NOBODY = Nothing("nobody looks after the letter")


def tell(letter: Letter, kind: str) -> None:
    """Have a mail of the kind leave to everybody who moderates the letter."""
    for role in _who_looks_after(letter):
        posting.post(kind, subject=role.pk)


def tell_weekly(letter: Letter, kind: str, *, at: datetime | None = None) -> None:
    """The same, but for those who had one in this week (Monday to Sunday, UTC) already."""
    year, week, _day = (at or timezone.now()).isocalendar()
    for role in _who_looks_after(letter):
        posting.post(kind, subject=role.pk, dedupe_key=f"{kind}:{role.pk}:{year}-{week}")


def tell_what_waits(*, at: datetime | None = None) -> int:
    """Once a day, in the morning, have a mail leave to who moderates a letter under which something waits.

    Returns under how many letters something does.
    """
    at = at or timezone.now()
    if at.hour < MORNING:
        return 0
    waiting = Signature.objects.waiting().filter(letter=OuterRef("pk"))
    letters = list(Letter.objects.filter(Exists(waiting)).order_by("pk"))
    for letter in letters:
        for role in _who_looks_after(letter):
            posting.post(WAITING, subject=role.pk, dedupe_key=f"{WAITING}:{role.pk}:{at.date()}")
    return len(letters)


@message(WAITING)
def waiting(post: Message) -> Mail | Nothing:
    """How many wait under a letter, and since when."""
    role = _role(post)
    if role is None:
        return NOBODY
    waits = queue.waiting_of({role.letter_id}).get(role.letter_id)
    return _write(WAITING, role, waiting=waits) if waits else Nothing("nothing waits any more")


@message(ALARM)
def alarm(post: Message) -> Mail | Nothing:
    """Something unusual happens under the letter."""
    role = _role(post)
    if role is None:
        return NOBODY
    alert = Alert.objects.open().filter(kind=ALARM, about=f"letter {role.letter_id}").first()
    if alert is None:
        return Nothing("it is over")
    return _write(ALARM, role, reason=alert.reason, waiting=role.letter.signatures.waiting().count())


@message(REVIEW)
def review(post: Message) -> Mail | Nothing:
    """The week in numbers: what was decided, let go and overturned, and since when the oldest waits."""
    role = _role(post)
    if role is None:
        return NOBODY
    week = summing.week(role.letter)
    if week.is_empty:
        return Nothing("nothing was decided")
    is_high = bool(week.rate and week.rate.is_high(limits.limits(*reviewing.LIMITS)))
    return _write(REVIEW, role, week=week, rate=week.rate, is_high=is_high)


def _who_looks_after(letter: Letter) -> Iterable[Role]:
    """A role of each person who moderates the letter."""
    kinds = [Role.Kind.OWNER, Role.Kind.MODERATOR]
    roles = letter.roles.filter(kind__in=kinds, user__is_active=True).order_by("user", "pk")
    return {role.user_id: role for role in roles}.values()


def _role(post: Message) -> Role | None:
    role = Role.objects.filter(pk=post.subject).select_related("letter", "user").first()
    return role if role and role.user.is_active else None


def _write(name: str, role: Role, **context: object) -> Mail:
    context |= {"link": settings.SITE_URL + reverse("desk:letters"), "site_name": settings.SITE_NAME}
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = (
            render_to_string(f"emails/{name}/{part}", context) for part in ("subject.txt", "body.txt")
        )
    return Mail(to=role.user.email, subject=" ".join(subject.split()), text=text)

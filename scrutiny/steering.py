"""What steers the whole site: limits that are moved, and switches that are thrown when something is wrong.

Each move is a line of the trail, with what held before.
"""

from django.db import transaction

from accounts import trail
from accounts.models import Trail, User
from outbox import pausing, routing
from outbox.models import Channel
from scrutiny import limits
from scrutiny.models import Limit, Switch

DEEDS = (
    "limit moved",
    "switch thrown",
    "switch put back",
    "mail stopped",
    "mail let go",
    "banner changed",
    "watched",
    "watched no more",
)
SHARES = {"in_100": 100, "in_1000": 1000}  # limits that are shares are no larger than the whole
LARGEST = 10_000_000


class NoSuchLimit(Exception):
    """No limit has this name."""


class OutOfBounds(Exception):
    """The number is larger than can be meant; `most` says what is the largest."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@transaction.atomic
def move(name: str, value: int | None, *, by: User) -> None:
    """Let a limit be `value` from now on, or what it was from the start. Raises NoSuchLimit, OutOfBounds."""
    if name not in limits.DEFAULTS:
        raise NoSuchLimit(name)
    most = next((whole for part, whole in SHARES.items() if part in name), LARGEST)
    if value is not None and value > most:
        raise OutOfBounds(most)
    before = limits.limit(name)
    if value is None:
        Limit.objects.filter(name=name).delete()
    else:
        Limit.objects.update_or_create(name=name, defaults={"value": value})
    trail.record("limit moved", about=by, by=by, name=name, before=before, after=limits.limit(name))


@transaction.atomic
def throw(name: str, *, is_on: bool, by: User) -> None:
    """Throw one of the switches, or put it back; nothing happens if it stands so already."""
    changed = (
        Switch.objects.get_or_create(name=name)[1] if is_on else Switch.objects.filter(name=name).delete()[0]
    )
    if changed:
        trail.record("switch thrown" if is_on else "switch put back", about=by, by=by, name=name)


@transaction.atomic
def stop_mail(*, by: User) -> None:
    """Let no mail leave until somebody lets it go; what is posted meanwhile waits."""
    pausing.pause(routing.route().channel, reason=f"by user {by.pk}")
    trail.record("mail stopped", about=by, by=by)


@transaction.atomic
def let_mail_go(*, by: User) -> None:
    """Let mail leave again."""
    pausing.resume(routing.route().channel)
    trail.record("mail let go", about=by, by=by)


@transaction.atomic
def announce(words: dict[str, str], *, by: User) -> None:
    """Show a sentence on every public page, in each language that has one; none takes it off."""
    words = {language: text for language, text in words.items() if text}
    if words:
        Switch.objects.update_or_create(name=Switch.Name.BANNER, defaults={"words": words})
    else:
        Switch.objects.filter(name=Switch.Name.BANNER).delete()
    trail.record("banner changed", about=by, by=by, languages=", ".join(sorted(words)))


def thrown() -> set[str]:
    """The switches that are thrown now."""
    return set(Switch.objects.values_list("name", flat=True))


def banner() -> dict[str, str]:
    """The sentence of every public page, by language; empty if there is none."""
    return Switch.objects.filter(name=Switch.Name.BANNER).values_list("words", flat=True).first() or {}


def mail_is_stopped() -> bool:
    """Whether the way out for mail is closed, by somebody here or by the relay's refusals."""
    return Channel.objects.filter(name=routing.route().channel, paused_at__isnull=False).exists()


def history() -> list[Trail]:
    """Who last moved what."""
    return list(Trail.objects.filter(what__in=DEEDS).select_related("who")[:100])

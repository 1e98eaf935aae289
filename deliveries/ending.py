"""How a release ends before all of it has left: void, called off, or never prepared."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import trail
from accounts.models import User
from deliveries import announcing, manifests
from deliveries.models import Delivery, DeliveryQuerySet, Release, Step
from letters.models import Letter
from outbox.models import State

NEVER = "never"  # its number can be reached no more
SERVED = "served"  # an office of it got this part by another release
DOWN = "is_public"  # as the manifest calls it

UNSENT = (State.READY, State.HELD, State.DEAD)  # what surely is in no office


class TooLate(Exception):
    """It has left already, or is over."""


def holds(release: Release) -> bool:
    """Whether it is approved and still what was approved; if it was changed, what has not left is void."""
    if release.step in (Step.PROPOSED, Step.APPROVED) and (names := changed(release)):
        void(release, names)
        return False
    return release.step == Step.APPROVED


def changed(release: Release) -> list[str]:
    """Why a release that is frozen is not any more what it was, by name; empty if it is.

    Something in its manifest, or, as long as nobody has approved it, that an office got this part otherwise.
    """
    names = manifests.changed(release)
    if release.step == Step.PROPOSED and release.dossier is not None:
        part, offices = release.dossier.part, release.recipients.values("pk")
        if Delivery.objects.standing().filter(part=part, recipient__in=offices).exists():
            names.append(SERVED)
    return names


def end_what_is_down() -> int:
    """Call off what has not left of letters that are not public any more, or archived; returns how many.

    Releases, and the operator's own deliveries, which have none.
    """
    gone = Q(taken_down_at__isnull=False) | Q(archived_at__isnull=False)
    letters = Letter.objects.filter(gone)
    ended = 0
    for release in Release.objects.open().filter(letter__in=letters).filter(_has_something_to_leave()):
        void(release, [DOWN])
        ended += 1
    mine = Delivery.objects.filter(release=None, recipient__version__letter__in=letters, state__in=UNSENT)
    mine = mine.exclude(pk__in=Delivery.objects.given_out().values("pk"))
    return ended + mine.update(state=State.VOID, last_reply=DOWN)


def _has_something_to_leave() -> Q:
    unsent = Delivery.objects.filter(release=OuterRef("pk"), state__in=UNSENT)
    return ~Q(step=Step.APPROVED) | Q(Exists(unsent))


@transaction.atomic
def void(release: Release, names: list[str]) -> None:
    """Call off what has not left, because of what was changed; its people are told."""
    release = Release.objects.locked(release)
    if not release.is_open():
        return
    _end(release, Step.VOID, reason=", ".join(names))
    trail.record("delivery void", about=release, by=None, letter=release.letter_id, changed=release.reason)
    announcing.tell(release, announcing.VOID)


@transaction.atomic
def cancel(release: Release, *, by: User) -> None:
    """Call off what has not left; all who may deliver the letter are told. Raises TooLate."""
    release = Release.objects.locked(release)
    if not release.is_open() or (release.step == Step.APPROVED and not _unsent(release).exists()):
        raise TooLate(release)
    _end(release, Step.CANCELLED)
    trail.record("delivery called off", about=release, by=by, letter=release.letter_id)
    announcing.tell(release, announcing.CANCELLED)


def _end(release: Release, step: Step, *, reason: str = "") -> None:
    """What was given out to be brought may be in the office by now: that is left to a person to say."""
    release.step, release.reason, release.ended_at = step, reason, timezone.now()
    release.save(update_fields=["step", "reason", "ended_at"])
    surely = _unsent(release).exclude(pk__in=Delivery.objects.given_out().values("pk"))
    surely.update(state=State.VOID, last_reply=f"{step.value}: {release.reason}".rstrip(": "))


def _unsent(release: Release) -> DeliveryQuerySet:
    """What surely has not left and nobody is sending, or was given up: its office can be served anew."""
    return Delivery.objects.filter(release=release, state__in=UNSENT)


@transaction.atomic
def fail(release: Release, reason: str) -> None:
    release = Release.objects.locked(release)
    if release.step in (Step.COUNTING, Step.FREEZING):
        _end(release, Step.FAILED, reason=reason)
        trail.record("delivery not prepared", about=release, by=None, letter=release.letter_id, reason=reason)
        announcing.tell(release, announcing.FAILED)

"""Who may do what with which letter: the one place that knows."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from letters.models import Letter, LetterQuerySet, Role


class Verb(StrEnum):
    """What the desk lets people do with a letter."""

    SEE = "see"
    WRITE = "write"  # text, facts, recipients, authors
    TRANSLATE = "translate"
    PUBLISH = "publish"  # what somebody else has proposed
    STAFF = "staff"  # give roles and take them
    MODERATE = "moderate"
    EXPORT = "export"
    DELIVER = "deliver"
    AUDIT = "audit"  # read who did what
    INVITE = "invite"  # organisations, each by whoever knows them
    ANNOUNCE = "announce"  # organisations that have agreed and not confirmed yet


KNOWN_FOR = timedelta(days=3)  # before somebody counts as one of two, under a letter at risk

NOT_KNOWN_YET = gettext_lazy(
    "Not yet: this letter is at risk, and one of you two has had this role for less than three days."
)

Kind = Role.Kind
KINDS = {
    Verb.SEE: set(Kind),
    Verb.WRITE: {Kind.OWNER, Kind.AUTHOR},
    Verb.TRANSLATE: {Kind.OWNER, Kind.AUTHOR, Kind.TRANSLATOR},
    Verb.PUBLISH: {Kind.OWNER},
    Verb.STAFF: {Kind.OWNER},
    Verb.MODERATE: {Kind.OWNER, Kind.MODERATOR},
    Verb.EXPORT: {Kind.OWNER, Kind.EXPORTER},
    Verb.DELIVER: {Kind.OWNER, Kind.DELIVERER},
    Verb.AUDIT: {Kind.OWNER, Kind.AUDITOR},
    Verb.INVITE: {Kind.OWNER, Kind.AUTHOR},
    Verb.ANNOUNCE: {Kind.OWNER},
}


def may(user: User | AnonymousUser, verb: Verb, letter: Letter) -> bool:
    """Whether the user has a role on this very letter that goes with the verb; superusers may all."""
    return verb in verbs_of(user, letter)


def verbs_of(user: User | AnonymousUser, letter: Letter) -> set[Verb]:
    """All that the user may do with the letter, in one query."""
    if not user.is_active:
        return set()
    if user.is_superuser:
        return set(Verb)
    held = set(Role.objects.filter(letter=letter, user_id=user.pk).values_list("kind", flat=True))
    return {verb for verb, kinds in KINDS.items() if kinds & held}


def who_may(verb: Verb, letter: Letter) -> QuerySet[User]:
    """Who works on the letter and may do that."""
    held = Role.objects.filter(letter=letter, kind__in=KINDS[verb])
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def others_who_may(verb: Verb, letter: Letter, *, but: User) -> QuerySet[User]:
    """Who else works on the letter and may do that: whom one can ask to approve."""
    return who_may(verb, letter).exclude(pk=but.pk)


def are_known(*people: User, verb: Verb, letter: Letter, at: datetime | None = None) -> bool:
    """Whether each of them has had for days what lets them do it, or the letter is at no risk.

    An owner who is forced could make up a second person within a minute. The other owners are told of every
    role that is given, and have three days. What was not given at the desk is older than the letter's work.
    """
    if not letter.is_at_risk():
        return True
    before = (at or timezone.now()) - KNOWN_FOR
    held = Role.objects.filter(letter=letter, kind__in=KINDS[verb])
    known = set(held.filter(Q(given_at=None) | Q(given_at__lte=before)).values_list("user", flat=True))
    return all(user.is_superuser or user.pk in known for user in people)


def letters_of(user: User | AnonymousUser) -> LetterQuerySet:
    """The letters somebody works on, the newest first."""
    letters = Letter.objects.order_by("-created_at", "-pk")
    if not user.is_active:
        return letters.none()
    return letters if user.is_superuser else letters.filter(roles__user_id=user.pk).distinct()


def letters_for(user: User | AnonymousUser, verb: Verb) -> LetterQuerySet:
    """The letters with which the user may do it: the same question as `may`, of all letters at once."""
    if not user.is_active:
        return Letter.objects.none()
    if user.is_superuser:
        return Letter.objects.all()
    return Letter.objects.filter(roles__user_id=user.pk, roles__kind__in=KINDS[verb]).distinct()

"""The rule of an organisation that two of its speakers sign: switched on by one, and off by two."""

from django.db import transaction
from django.utils import timezone

from accounts import trail
from organisations.models import Organisation
from spaces import telling
from spaces.models import Membership, TwoSign, TwoSignQuerySet, speakers
from spaces.opening import NotSpeaker


class TooFew(Exception):
    """Two sign only where there are two speakers."""


@transaction.atomic
def switch_on(member: Membership) -> None:
    """From now on what one speaker gives waits for another. Raises NotSpeaker, TooFew."""
    organisation = _locked(member)
    if speakers(organisation).count() < 2:
        raise TooFew(organisation)
    TwoSign.objects.lapsed().filter(organisation=organisation).delete()
    if not TwoSign.objects.of(organisation).exists():
        TwoSign.objects.create(organisation=organisation)
        trail.record("two sign from now on", about=organisation, by=member.user)


@transaction.atomic
def switch_off(member: Membership) -> bool:
    """End the rule: another speaker has asked for it, or there is none. Returns whether it is off.

    Who asks first waits until another agrees; if none says no within OFF_AFTER it is off as well, so that an
    organisation whose other speakers read no mail any more can sign. Raises NotSpeaker.
    """
    organisation = _locked(member)
    rules = TwoSign.objects.of(organisation)
    is_agreed = rules.filter(off_asked_by__isnull=False).exclude(off_asked_by=member).exists()
    if is_agreed or speakers(organisation).count() < 2:
        _end(rules, by=member)
        return True
    asked = rules.filter(off_asked_by=None).update(off_asked_by=member, off_asked_at=timezone.now())
    if asked:
        trail.record("asked that one signs alone", about=organisation, by=member.user)
        telling.tell(speakers(organisation).exclude(pk=member.pk), about="the rule")
    return not rules.exists()


@transaction.atomic
def keep(member: Membership) -> None:
    """Say no to switching it off. Raises NotSpeaker."""
    organisation = _locked(member)
    asked = TwoSign.objects.of(organisation).filter(off_asked_by__isnull=False)
    if asked.update(off_asked_by=None, off_asked_at=None):
        trail.record("two go on signing", about=organisation, by=member.user)


def end_lapsed() -> int:
    """Delete the rules whose end nobody has refused in time. Returns how many."""
    return _end(TwoSign.objects.lapsed(), by=None)


def _end(rules: TwoSignQuerySet, *, by: Membership | None) -> int:
    ended = list(rules.select_related("organisation"))
    for rule in ended:
        trail.record("one signs alone from now on", about=rule.organisation, by=by.user if by else None)
        rule.delete()
    return len(ended)


def _locked(member: Membership) -> Organisation:
    if not member.may_speak() or member.is_on_trial():
        raise NotSpeaker(member)
    return Organisation.objects.select_for_update().get(pk=member.organisation_id)

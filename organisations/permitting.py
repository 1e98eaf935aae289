"""Whose pages of organisations open to whom; what goes with which role stands in letters/permitting."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from letters.permitting import Verb, letters_for
from organisations.models import Organisation, OrganisationQuerySet


def organisations_of(user: User | AnonymousUser) -> OrganisationQuerySet:
    """Those that signed a letter which the user moderates; superusers see all but those on trial."""
    current = Organisation.objects.current()
    if user.is_active and user.is_superuser:
        return current.exclude(members__by_invitation=True)
    return current.filter(signatures__letter__in=letters_for(user, Verb.MODERATE)).distinct()

"""The space of who was only invited: apart from every organisation that has signed, whatever its name.

So neither the host who invited them nor they themselves learn by it which names have ever signed.
"""

from accounts import trail
from accounts.models import User
from organisations import recognising
from organisations.models import Name, Organisation
from signatories import erasing
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from spaces.models import Membership
from vault.indexing import address_index, blind_index


def begin(
    user: User, *, name: str, language: str, country: str, website: str | None, typed: str
) -> Membership:
    """Let them in, as a speaker on trial; who is in a space of that name already stays there alone."""
    User.objects.select_for_update().get(pk=user.pk)  # two invitations that are opened at once
    here = user.memberships.filter(organisation__names__key=recognising.index(name)).first()
    if known := here or find(user, name=name):
        return known
    organisation = Organisation.objects.create(website=website, country=country)
    organisation.names.create(kind=Name.Kind.MAIN, language=language, text=name, key=_key(user, name))
    member = organisation.members.create(
        user=user, role=Membership.Role.SPEAKER, by_invitation=True, typed=typed
    )
    trail.record("space opened by invitation", about=member, by=user, organisation=organisation.pk)
    return member


def find(user: User, *, name: str) -> Membership | None:
    """Where they are on trial in a space of that name."""
    return user.memberships.filter(by_invitation=True, organisation__names__key=_key(user, name)).first()


def signed_by(member: Membership) -> SignatureQuerySet:
    """What is confirmed in the organisation's name from the mailbox of who is on trial, and nobody else's."""
    keys = [recognising.index(name.text) for name in member.organisation.names.all()]
    mine = Signature.objects.confirmed().filter(address=address_index(member.user.mailbox))
    return mine.filter(organisation_key__in=keys)


def end(member: Membership, *, into: Organisation) -> Membership:
    """Let who is on trial into the organisation that a moderator has found them to speak for."""
    apart = member.organisation_id
    member.organisation, member.by_invitation = into, False
    member.save(update_fields=["organisation", "by_invitation"])
    trail.record("space opened", about=member, by=member.user, organisation=into.pk)
    erasing.forget_organisations([apart])
    return member


def _key(user: User, name: str) -> str:
    """The mark of a name on trial: nobody who signs is recognised by it."""
    return blind_index("organisation on trial", f"{user.pk} {recognising.plain(name)}")

"""Giving an organisation, or who writes a letter, a logo, and taking it away."""

from django.db import transaction

from accounts import trail
from accounts.models import User
from letters import writing
from letters.models import Author
from logos.drawing import Drawing
from logos.models import Logo, LogoQuerySet
from organisations import recognising
from organisations.models import Name, Organisation

Owner = Organisation | Author


def logo_of(owner: Owner) -> Logo | None:
    """Its logo, without the picture itself."""
    return _of(owner).defer("content").first()


def known_for(author: Author) -> Logo | None:
    """The logo that readers see of the organisation which the directory knows by the author's name.

    One that stands on no letter's list has signed where nobody is told so, and is not told of here either.
    """
    names = Name.objects.filter(key=recognising.index(author.name))
    theirs = Logo.objects.shown().filter(organisation__in=names.values("organisation"))
    return theirs.filter(organisation__signatures__listing__isnull=False).first()


@transaction.atomic
def replace(owner: Owner, drawing: Drawing, *, by: User) -> Logo:
    """Give the owner this logo instead of any it has; it stands at a place of its own.

    Raises writing.NoDraft for an author of a letter that is published.
    """
    _hold(owner)
    _of(owner).delete()
    logo = Logo.objects.create(
        organisation=owner if isinstance(owner, Organisation) else None,
        author=owner if isinstance(owner, Author) else None,
        content=drawing.content,
        width=drawing.width,
        height=drawing.height,
    )
    trail.record("logo set", about=owner, by=by, logo=logo.pk, bytes=len(drawing.content))
    return logo


@transaction.atomic
def remove(owner: Owner, *, by: User) -> None:
    """Take its logo away; without one nothing happens. Raises NoDraft as `replace` does."""
    _hold(owner)
    if _of(owner).delete()[0]:
        trail.record("logo removed", about=owner, by=by)


def _hold(owner: Owner) -> None:
    """Lock what the logo goes with: an organisation, or the draft that has the author."""
    if isinstance(owner, Author):
        writing.open_authors(owner.letter)
    else:
        Organisation.objects.select_for_update().get(pk=owner.pk)


def _of(owner: Owner) -> LogoQuerySet:
    if isinstance(owner, Organisation):
        return Logo.objects.filter(organisation=owner)
    return Logo.objects.filter(author=owner)

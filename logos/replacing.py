"""Giving an organisation, or who writes a letter, a logo, and taking it away."""

from django.db import transaction

from accounts import trail
from accounts.models import User
from letters.models import Author
from logos.drawing import Drawing
from logos.models import Logo, LogoQuerySet
from organisations.models import Organisation

Owner = Organisation | Author


def logo_of(owner: Owner) -> Logo | None:
    """Its logo, without the picture itself."""
    return _of(owner).defer("content").first()


@transaction.atomic
def replace(owner: Owner, drawing: Drawing, *, by: User) -> Logo:
    """Give the owner this logo instead of any it has; it stands at a place of its own."""
    type(owner)._default_manager.select_for_update().get(pk=owner.pk)
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
    """Take its logo away; without one nothing happens."""
    if _of(owner).delete()[0]:
        trail.record("logo removed", about=owner, by=by)


def _of(owner: Owner) -> LogoQuerySet:
    if isinstance(owner, Organisation):
        return Logo.objects.filter(organisation=owner)
    return Logo.objects.filter(author=owner)

"""Which organisation a name belongs to, under whatever letter it signs."""

import unicodedata

from django.db import IntegrityError, transaction

from organisations.models import Name, Organisation
from vault.indexing import blind_index


def plain(name: str) -> str:
    """A name without what does not tell it from another: letter case and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def index(name: str) -> str:
    """The blind index by which an organisation is recognised."""
    return blind_index("organisation", plain(name))


@transaction.atomic
def recognise(name: str, *, language: str, website: str | None, country: str) -> Organisation:
    """The organisation that has this name among its own; it is written down if there is none.

    Website and country are only for a new one: who signs in the name of a known one does not change it.
    """
    key = index(name)
    if known := _known(key):
        return known
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(website=website, country=country)
            Name.objects.create(
                organisation=organisation, kind=Name.Kind.MAIN, language=language, text=name, key=key
            )
            return organisation
    except IntegrityError:
        # somebody was quicker: theirs is the one
        if known := _known(key):
            return known
        raise


def _known(key: str) -> Organisation | None:
    """Locked: who merges it into another meanwhile is waited for, and then the other is found."""
    return Organisation.objects.select_for_update().filter(names__key=key).first()

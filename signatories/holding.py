"""How much we hold about a letter's signers: what we say in public, and on the command line."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from letters.models import Letter
from signatories.models import Holding, Listing, Signature, Visibility

FEWEST = 10  # a smaller group is told as "fewer than" this


def count(letter: Letter, *, at: datetime | None = None) -> Holding:
    """Count what is kept now, in two questions to the database; nothing is written."""
    is_confirmed = Q(confirmed_at__isnull=False)
    has_name = Q(name__isnull=False) | Q(organisation_name__isnull=False)
    found = Signature.objects.filter(letter=letter).aggregate(
        unconfirmed=Count("pk", filter=Q(confirmed_at=None, email__isnull=False)),
        addresses=Count("pk", filter=is_confirmed & Q(email__isnull=False)),
        hidden_names=Count("pk", filter=is_confirmed & has_name & ~Q(visibility=Visibility.PUBLIC)),
        anonymous=Count("pk", filter=is_confirmed & Q(erased_at__isnull=False, withdrawn_at=None)),
    )
    listed = Listing.objects.filter(letter=letter).count()
    return Holding(letter=letter, listed_names=listed, counted_at=at or timezone.now(), **found)


def write_down(*, at: datetime | None = None) -> int:
    """Count for every public letter and keep it for the pages; returns how many letters."""
    letters = list(Letter.objects.public().order_by("pk"))
    for letter in letters:
        holding = count(letter, at=at)
        counted = {
            field.name: getattr(holding, field.name)
            for field in Holding._meta.concrete_fields
            if field.name not in {"id", "letter"}
        }
        Holding.objects.update_or_create(letter=letter, defaults=counted)
    return len(letters)


def rounded(number: int) -> int:
    """The number to two figures, rounded up, so that no page tells of one person more or less."""
    step = 10 ** max(len(str(number)) - 2, 1)
    return -(-number // step) * step

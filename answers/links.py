"""The private link of an office: what its mail carries, read here."""

from deliveries.emails import PURPOSE
from deliveries.models import Delivery
from signatories import tokens

__all__ = ["PURPOSE", "read", "token"]

# The lists, which a page that only counts does without
HEAVY = [f"{one}__{what}" for one in ("dossier", "dossier__after") for what in ("public_edition", "names")]


def read(text: str, *, purpose: str) -> Delivery:
    """The delivery that a token names, unless it was called off or its page closed. Raises NoSuchLink."""
    rows = Delivery.objects.with_page().defer("mail", *HEAVY)
    rows = rows.select_related("recipient", "dossier__after", "dossier__version__letter__current")
    return tokens.read_among(rows, text, purpose=purpose)


def token(delivery: Delivery) -> str:
    return tokens.make(PURPOSE, delivery)  # type: ignore[arg-type]

"""The private link of an office: what its mail carries, read here."""

from deliveries import links
from deliveries.links import PURPOSE, Link
from deliveries.models import WIDE, Delivery

__all__ = ["PURPOSE", "read"]

# The lists, which a page that only counts does without
LISTS = [f"{one}__{what}" for one in ("dossier", "dossier__after") for what in WIDE if what != "key"]


def read(text: str, *, purpose: str) -> Link:
    """The delivery that a token is of, unless it was called off, and whether it opens its page.

    Raises NoSuchLink.
    """
    rows = Delivery.objects.with_page().defer("mail", *LISTS)
    rows = rows.select_related("recipient", "dossier__after", "dossier__version__letter__current")
    return links.read_among(rows, text, purpose=purpose)

"""The private links to an office's page, of which one at most is open.

Nothing of a link is stored. The first is made of the delivery's nonce, each later one of its number as well:
one that was closed is known for what it was as long as the delivery is, and stays closed.
"""

from collections import Counter
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from deliveries.models import Delivery, Report
from signatories import tokens

PURPOSE = "delivery"


class Pages(NamedTuple):
    """How many pages of its own an office was given after the first, and how many were closed."""

    opened: int
    closed: int

    def has_open(self) -> bool:
        return self.closed == self.opened


class Link(NamedTuple):
    """A link that was genuine once, and whether it still opens the page."""

    delivery: Delivery
    is_open: bool


def pages(delivery: Delivery) -> Pages:
    """One query."""
    kinds = (Report.Kind.OPENED, Report.Kind.CLOSED)
    mine = Report.objects.filter(delivery_id=delivery.pk, kind__in=kinds).order_by()
    known = Counter(mine.values_list("kind", flat=True))
    return Pages(known[Report.Kind.OPENED], known[Report.Kind.CLOSED])


def token(delivery: Delivery) -> str:
    """The token of the office's newest page."""
    return tokens.make(_of_page(pages(delivery).opened), delivery)  # type: ignore[arg-type]


def address(delivery: Delivery) -> str:
    """The address of the office's newest page; "" for what was sent before there were any."""
    return f"{settings.SITE_URL}/d/{token(delivery)}/" if delivery.public_id else ""


def read_among(rows: QuerySet[Delivery], text: str, *, purpose: str = PURPOSE) -> Link:
    """The link that a token is of, if its delivery is one of these. Raises NoSuchLink."""
    delivery = tokens.row_among(rows, text)
    known = pages(delivery)
    for number in range(known.opened + 1):
        if tokens.is_of(text, delivery, purpose=_of_page(number, purpose)):  # type: ignore[arg-type]
            return Link(delivery, is_open=number >= known.closed)
    raise tokens.NoSuchLink


def _of_page(number: int, purpose: str = PURPOSE) -> str:
    """The purpose of the links to one page: the first was given out before there were others."""
    return f"{purpose} {number}" if number else purpose

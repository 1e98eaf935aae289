"""Synthetic signatures, for measuring: many, mixed, confirmed, and nobody's."""

import itertools
import logging
import secrets

from django.utils import timezone

from letters.models import Letter
from organisations import recognising
from signatories import consenting
from signatories.enrolled import enrolling
from signatories.models import Kind, Signature, Visibility
from vault.indexing import address_index

logger = logging.getLogger(__name__)

BATCH = 2000
GIVEN = (
    "Amira", "Bálint", "Chiara", "Đặng", "Esther", "فاطمہ", "گلالۍ", "حمید", "Ольга", "सीमा", "Iñigo",
    "Jürgen",
    "Κατερίνα", "Łucja", "مريم", "Nkechi", "یعقوب", "Ṣadé", "Thandiwe", "Ümit", "文", "Żaneta",
)  # fmt: skip
FAMILY = (
    "Abernethy", "Bergström", "Castellanos", "D’Amico", "Eze", "رحیمی", "ځدراڼ", "ملک", "Павленко", "गुरुङ",
    "Haugland", "Ivančić", "Παππάς", "Kowalczyk", "السالم", "Ngugi-Weru", "O’Rourke", "درانی", "Tran", "Żak",
)  # fmt: skip
COUNTRIES = ("AF", "AU", "CA", "CH", "DE", "FR", "GB", "IN", "IR", "KE", "NG", "PK", "PL", "SE", "TR", "US")
# of ten persons six are shown to everyone, three to the governments, one to nobody
VISIBILITIES = (*[Visibility.PUBLIC] * 6, *[Visibility.RECIPIENT] * 3, Visibility.COUNTED)
ONE_IN_IS_ORGANISATION = 50


class NothingToSign(Exception):
    """The letter is a draft: there is no text to sign."""


def load(letter: Letter, *, count: int) -> int:
    """Add `count` confirmed signatures of invented signatories and enrol them; no mail is posted.

    Returns how many were enrolled. Raises NothingToSign.
    """
    add(letter, count=count)
    return enrolling.enrol(at_once=True)


def add(letter: Letter, *, count: int) -> None:
    """The same, but the clock has yet to enrol them. Raises NothingToSign."""
    if letter.current is None:
        raise NothingToSign(letter)
    run = secrets.token_hex(4)
    made = (_signature(letter, run=run, number=number) for number in range(count))
    while batch := list(itertools.islice(made, BATCH)):
        Signature.objects.bulk_create(batch)
    logger.info("letter %s: %s synthetic signatures loaded", letter.pk, count)


def _signature(letter: Letter, *, run: str, number: int) -> Signature:
    now = timezone.now()
    family, given = divmod(number, len(GIVEN))
    name = f"{GIVEN[given]} {FAMILY[family % len(FAMILY)]}"
    is_organisation = number % ONE_IN_IS_ORGANISATION == 0
    organisation = f"{FAMILY[family % len(FAMILY)]} Society {run}-{number}" if is_organisation else None
    email = f"signer-{run}-{number}@loaded.example"
    return Signature(
        letter=letter,
        version=letter.current,
        language="en",
        kind=Kind.ORGANISATION if is_organisation else Kind.PERSON,
        name=name,
        email=email,
        address=address_index(email),
        organisation_name=organisation,
        organisation_key=recognising.index(organisation) if organisation else None,
        country=COUNTRIES[number % len(COUNTRIES)],
        visibility=VISIBILITIES[number % len(VISIBILITIES)],
        consent={"wording": consenting.WORDING, "synthetic": True},
        mailed_at=now,
        confirmed_at=now,
        unsettled_at=now,
    )

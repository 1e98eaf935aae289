"""Signing a changed text: who signed an earlier version agrees to the present one, or stays where they are.

Nobody is moved by silence. Whoever agrees keeps one signature, whose line leaves the roll of the earlier
version and joins that of the present one when the clock settles both.
"""

import logging

from django.db import transaction

from letters.models import Letter, Version
from signatories import consenting
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from signatories.signing import LetterNotOpen, VersionChanged, change, locked

logger = logging.getLogger(__name__)


class NothingToAgreeTo(Exception):
    """The signature stands under the present text already, or is withdrawn, rejected or erased."""


def askable(version: Version) -> SignatureQuerySet:
    """Whose signature stands, or waits for a moderator, under an earlier version than this one."""
    rows = Signature.objects.confirmed().filter(rejected_at=None, email__isnull=False)
    return rows.filter(letter=version.letter_id, version__number__lt=version.number)


def is_asked(signature: Signature, letter: Letter) -> bool:
    """Whether its signer may agree to the letter's present text now; the same question as `askable`."""
    return (
        letter.is_open()
        and letter.current_id != signature.version_id
        and signature.confirmed_at is not None
        and signature.withdrawn_at is None
        and signature.rejected_at is None
        and signature.erased_at is None
    )


@transaction.atomic
def agree(signature: Signature, *, version: int, language: str) -> None:
    """Put a signature under the letter's present text. Twice is as good as once.

    `version` is the number of the text that the signer has read, `language` that of the sentences. Who sees
    the name stays as it was chosen. Raises LetterNotOpen, VersionChanged, NothingToAgreeTo.
    """
    row = locked(signature)
    letter = Letter.objects.select_related("current").get(pk=row.letter_id)
    if letter.current is None or not letter.is_open():
        raise LetterNotOpen(letter)
    if version != letter.current.number:
        raise VersionChanged(letter)
    if row.version_id == letter.current_id and row.confirmed_at and not row.withdrawn_at:
        return
    if not is_asked(row, letter):
        raise NothingToAgreeTo(row)
    consent = consenting.anew(
        row.consent or {},
        letter.current,
        language=language,
        visibility=row.visibility,
        updates=row.updates,
    )
    change(row, version=letter.current, consent=consent)
    logger.info("signature %s agrees to version %s", row.pk, letter.current.number)

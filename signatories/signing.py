"""What signatories do: sign, and later hide, withdraw, erase or correct what they signed."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from letters.models import Letter
from organisations import recognising
from outbox import posting
from scrutiny import domains, naming
from scrutiny.clues import Clues
from signatories import asking, consenting, emails, erasing, reporting
from signatories.judging import suspecting
from signatories.models import Kind, Mailbox, Question, Signature, Visibility, new_secret
from vault.failpoints import failpoint
from vault.indexing import address_index, blind_index

logger = logging.getLogger(__name__)

NO_CLUES = Clues()
Outcome = Question.Outcome


class LetterNotOpen(Exception):
    """The letter takes no signatures now: still a draft, not yet open, or already closed."""


class VersionChanged(Exception):
    """The text was changed while the signer was reading: people sign what they have read."""


@transaction.atomic
def sign(
    letter: Letter,
    *,
    kind: str,
    name: str,
    email: str,
    country: str,
    language: str,
    version: int | None = None,
    role: str = "",
    affiliation: str = "",
    organisation: str = "",
    website: str = "",
    visibility: str = Visibility.COUNTED,
    updates: bool = False,
    clues: Clues = NO_CLUES,
) -> Signature:
    """Record an attempt to sign the letter's current version. It counts once the address's owner confirms it.

    Every attempt is one INSERT and one message, whoever signs; which mail leaves is decided when it
    is sent. So neither answer, time nor database tells a stranger who has signed, and nobody signs
    first in somebody's name. `version` is the number the signer has read (default: the current one).
    Returns the attempt, of which the answer to its sender shows nothing.
    Raises LetterNotOpen, VersionChanged.
    """
    if not letter.is_open() or letter.current is None:
        raise LetterNotOpen(letter)
    if version is not None and version != letter.current.number:
        raise VersionChanged(letter)
    attempt = Signature.objects.create(
        letter=letter,
        version=letter.current,
        language=language,
        kind=kind,
        name=name,
        email=email,
        address=address_index(email),
        country=country,
        role=role or None,
        affiliation=affiliation or None,
        organisation_name=organisation or None,
        organisation_key=recognising.index(organisation) if kind == Kind.ORGANISATION else None,
        website=website or None,
        visibility=visibility,
        updates=updates,
        network=clues.network,
        domain=domains.index(domains.registrable(email)),
        name_key=name_index(organisation if kind == Kind.ORGANISATION else name),
        clues=clues.facts(),
        consent=consenting.record(letter.current, language=language, visibility=visibility, updates=updates),
    )
    posting.post(emails.ATTEMPT, subject=attempt.pk)
    failpoint("sign_before_commit")
    # no line on a server: it would join number and second, long after the row has forgotten the second
    logger.debug("signature %s attempted", attempt.pk)
    return attempt


def name_index(name: str) -> str:
    """The blind index by which equal names are counted; letter case and spaces do not matter."""
    return blind_index("name", recognising.plain(name))


@transaction.atomic
def hide(signature: Signature) -> None:
    """Show the name to nobody any more; the signature still counts. Deliveries to come leave it out."""
    signature = locked(signature)
    if signature.hidden_at or signature.visibility == Visibility.COUNTED:
        return
    reporting.close(signature)
    if not (signature.held_at or signature.corrected_at):
        asking.close(signature, Outcome.SETTLED)
    change(
        signature,
        visibility=Visibility.COUNTED,
        hidden_at=timezone.now(),
        reported_at=None,
        asked_at=signature.asked_at,
        consent=_taken_back(signature, "hidden_on"),
    )
    logger.info("signature %s hidden", signature.pk)


@transaction.atomic
def withdraw(signature: Signature) -> None:
    """Take the signature back: from count, lists and deliveries to come. Twice is as good as once."""
    signature = locked(signature)
    if signature.withdrawn_at or not signature.confirmed_at:
        return
    reporting.close(signature)
    asking.close(signature, Outcome.SETTLED)
    change(
        signature,
        withdrawn_at=timezone.now(),
        reported_at=None,
        asked_at=None,
        consent=_taken_back(signature, "withdrawn_on"),
    )
    logger.info("signature %s withdrawn", signature.pk)


@transaction.atomic
def erase(signature: Signature) -> None:
    """Destroy everything personal about the signature.

    A confirmed one is withdrawn first: otherwise to sign, erase and sign again would stuff the count.
    """
    withdraw(signature)
    signature = locked(signature)
    if not signature.erased_at:
        forget(signature, at=timezone.now())
        logger.info("signature %s erased", signature.pk)


def forget(signature: Signature, *, at: datetime) -> None:
    """Null every personal column of a row that the caller has locked; of a confirmed one only months stay."""
    if signature.confirmed_at:
        erasing.erase([signature.pk], at=at)
        return
    erasing.empty(Signature.objects.filter(pk=signature.pk), erased_at=at)


@transaction.atomic
def unsubscribe(signature: Signature) -> None:
    """Send no more news of this letter to its signer (RFC 8058), by whichever signature of the address."""
    same = Q(pk=signature.pk)
    if signature.address:
        same |= Q(letter=signature.letter_id, address=signature.address)
    rows = Signature.objects.select_for_update().filter(same, updates=True).order_by("pk")
    for row in rows.only("consent", "updates"):
        row.updates, row.consent = False, _taken_back(row, "unsubscribed_on")
        row.save(update_fields=["updates", "consent"])


@transaction.atomic
def opt_out(signature: Signature) -> None:
    """Never write to the signature's address again, unasked or not."""
    unsubscribe(signature)
    if signature.address:
        never_write_to(signature.address)


@transaction.atomic
def never_write_to(address: str) -> None:
    """Note that the owner of an address (its index) wants no mail from here, whatever it is about."""
    Mailbox.objects.get_or_create(address=address)
    Mailbox.objects.filter(address=address, opted_out_at=None).update(opted_out_at=timezone.now())


def wants_no_mail(address: str | None) -> bool:
    """Whether the owner of an address (its index) has said never to write there."""
    return Mailbox.objects.filter(address=address, opted_out_at__isnull=False).exists()


@transaction.atomic
def correct(signature: Signature, *, name: str) -> bool:
    """Correct the name as it is shown. Returns whether it stands already.

    An organisation's waits for a moderator like the first one, and so does a person's if anything speaks
    against it, it is more than another spelling, or it was corrected twice already: many small steps lead to
    any name. The old name stands meanwhile. Whoever was asked something has answered by it. The roll gets
    a departure and a new line in one batch, so the count does not move.
    Raises ValidationError for a name that signing would refuse.
    """
    signature = locked(signature)
    if signature.withdrawn_at or signature.erased_at or not signature.confirmed_at:
        return False
    clean = naming.clean_organisation if signature.is_organisation() else naming.clean_name
    name = clean(name)
    key = name_index(name)
    asking.close(signature, Outcome.CORRECTED)
    if signature.is_organisation() or suspecting.against_name(signature, name, key=key):
        change(signature, corrected_name=name, corrected_at=timezone.now(), asked_at=None)
        return False
    change(
        signature,
        name=name,
        name_key=key,
        salt=new_secret(),
        corrected_name=None,
        corrected_at=None,
        corrections=signature.corrections + 1,
        asked_at=None,
    )
    logger.info("signature %s corrected", signature.pk)
    return True


def _taken_back(signature: Signature, what: str) -> dict[str, Any]:
    """The record of the consent, with the day on which the signer took a part of it back."""
    return (signature.consent or {}) | {what: consenting.day()}


def locked(signature: Signature) -> Signature:
    """The signature as it is now, in the caller's transaction, for nobody else to change meanwhile."""
    return Signature.objects.select_for_update().get(pk=signature.pk)


def change(signature: Signature, **fields: object) -> None:
    """Write the fields of a locked row and leave the rest to the clock that settles the roll."""
    fields["unsettled_at"] = timezone.now()
    for field, value in fields.items():
        setattr(signature, field, value)
    signature.save(update_fields=list(fields))

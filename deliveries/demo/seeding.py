"""Puts the demo into the database: letters, who signed them, and who works at the desk."""

import logging
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from deliveries import preparing, sending
from deliveries.demo import reading
from deliveries.dossiers import freezing
from deliveries.models import Delivery
from letters import publishing
from letters.models import Author, Letter, Recipient, Role, Translation, Version
from organisations import recognising
from outbox import composing
from outbox.models import State
from signatories import consenting, holding
from signatories.enrolled import enrolling, reckoning
from signatories.models import Decision, Kind, Signature
from vault.indexing import address_index

logger = logging.getLogger(__name__)

LOOKED_AT = "Part of the demonstration: invented, and approved without a call."
HELD = "Part of the demonstration: waits for a moderator to look at it."
NOTHING_LEFT = "Part of the demonstration: this record was written down and no mail left."
DAY = timedelta(days=1)


@transaction.atomic
def seed(*, at: datetime | None = None) -> list[Letter]:
    """Put every demo letter that is not there yet into the database; returns those.

    Whoever confirmed is enrolled before this returns. No mail is posted: the signatures are written as
    they stand, so nobody is asked to confirm. `at` is the moment the demo's days are counted from.
    """
    at = at or timezone.now()
    there = set(Letter.objects.values_list("slug", flat=True))
    staff = _hire()
    new = [_write(told, at=at) for told in reversed(reading.read()) if told.slug not in there]
    by_slug = {letter.slug: letter for letter in new}
    for member in reading.read_staff():
        mine = [by_slug[slug] for slug in member.letters if slug in by_slug]
        Role.objects.bulk_create(
            Role(letter=letter, user=staff[member.email], kind=member.role) for letter in mine
        )
    moderator = next(staff[member.email] for member in reading.read_staff() if member.role == "moderator")
    for told in reading.read():
        if told.slug in by_slug:
            _collect(told, by_slug[told.slug], moderator=moderator, at=at)
            if told.delivered:
                _write_down_as_delivered(by_slug[told.slug])
    if new:
        holding.write_down()
    logger.info("%s demo letters seeded", len(new))
    return new


def _hire() -> dict[str, User]:
    """The staff of the demo, by address. Nobody has a password: /dev/ signs them in, with DEBUG only."""
    return {
        member.email: User.objects.filter(email=member.email).first()
        or User.objects.create_user(member.email, name=member.name, is_staff=True)
        for member in reading.read_staff()
    }


def _write(told: reading.Letter, *, at: datetime) -> Letter:
    letter = Letter.objects.create(
        slug=told.slug,
        original_language=told.language,
        risk=told.risk,
        goal=told.goal,
        contact=told.contact,
    )
    Author.objects.create(letter=letter, name=told.host.name, website=told.host.website)
    version = Version.objects.create(letter=letter)
    for text in told.texts:
        Translation.objects.create(
            version=version,
            language=text.language,
            title=text.title,
            summary=text.summary,
            body=text.body,
        )
    for order, office in enumerate(told.recipients):
        Recipient.objects.create(
            version=version,
            order=order,
            office=office.office,
            person=office.person,
            country=office.country,
            language=office.language,
            channel=office.channel,
            address=office.address,
        )
    if told.published_days_ago is not None:
        publishing.publish(letter, at=at - told.published_days_ago * DAY)
    if told.closed_days_ago is not None:
        publishing.close(letter, at=at - told.closed_days_ago * DAY)
    return Letter.objects.get(pk=letter.pk)


def _collect(told: reading.Letter, letter: Letter, *, moderator: User, at: datetime) -> None:
    """Let the demo's people sign between publication and closing, and settle the roll."""
    if letter.published_at is None:
        return
    end = min(letter.closes_at or at, at)
    people: list[reading.Person | reading.Organisation] = [*told.organisations, *told.persons]
    step = (end - letter.published_at) / (len(people) + 1)
    signatures = [
        _signature(one, letter, at=letter.published_at + number * step)
        for number, one in enumerate(people, start=1)
    ]
    Signature.objects.bulk_create(signatures)
    Decision.objects.bulk_create(
        decision
        for one, signature in zip(people, signatures, strict=True)
        if one.confirmed
        for decision in _decisions(one, signature, moderator)
    )
    enrolling.enrol(at=end, at_once=True)
    reckoning.reckon(letter)


def _signature(one: reading.Person | reading.Organisation, letter: Letter, *, at: datetime) -> Signature:
    version = letter.current
    assert version is not None  # noqa: S101 - only published letters are signed
    confirmed_at = at if one.confirmed else None
    signature = Signature(
        letter=letter,
        version=version,
        language=one.language,
        country=one.country,
        email=one.email,
        address=address_index(one.email),
        role=one.role or None,
        visibility=one.visibility,
        created_at=at,
        mailed_at=at,
        confirmed_at=confirmed_at,
        unsettled_at=confirmed_at,
        held_at=confirmed_at if one.held else None,
        consent=consenting.record(
            version, language=one.language, visibility=one.visibility, updates=False, at=at
        )
        | ({"confirmed_on": consenting.day(at)} if one.confirmed else {}),
    )
    if isinstance(one, reading.Person):
        signature.kind, signature.name, signature.affiliation = Kind.PERSON, one.name, one.affiliation or None
        return signature
    signature.kind, signature.name = Kind.ORGANISATION, one.representative
    signature.organisation_name, signature.website = one.name, one.website
    signature.organisation_key = recognising.index(one.name)
    if one.confirmed and not one.held:
        signature.organisation = recognising.recognise(
            one.name, language=one.language, website=one.website, country=one.country
        )
    return signature


def _decisions(
    one: reading.Person | reading.Organisation, signature: Signature, moderator: User
) -> Iterator[Decision]:
    if one.held or isinstance(one, reading.Organisation):
        yield Decision(
            signature=signature, verdict=Decision.Verdict.HOLD, at=signature.created_at, reason=HELD
        )
    if isinstance(one, reading.Organisation) and not one.held:
        yield Decision(
            signature=signature,
            verdict=Decision.Verdict.APPROVE,
            by=moderator,
            at=signature.created_at,
            reason=LOOKED_AT,
        )


def _write_down_as_delivered(letter: Letter) -> None:
    """Record the deliveries of a letter that closed long ago, and say in each record that nothing left."""
    assert letter.closes_at is not None  # noqa: S101 - letters.toml: what is delivered has closed
    dossier = freezing.freeze(letter, at=letter.closes_at + DAY)
    for recipient in preparing.unserved(letter):
        delivery = Delivery(dossier=dossier, recipient=recipient)
        delivery.message_id = f"<demonstration-{secrets.token_hex(16)}@{composing.site_host()}>"
        for field, value in sending.make_ready(delivery).facts.items():
            setattr(delivery, field, value)
        delivery.state, delivery.attempts = State.SENT, 1
        delivery.tried_at = delivery.sent_at = dossier.taken_at + DAY
        delivery.evidence, delivery.last_reply = {"demonstration": True}, NOTHING_LEFT
        delivery.save(force_insert=True)

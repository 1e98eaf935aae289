"""The people and letters that tests share: invented, and all under `.example`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from invitations.models import ANNOUNCED_FOR, Invitation
from letters import publishing
from letters.models import Author, Letter, Recipient, Role, Translation, Version
from organisations import recognising
from organisations.models import Organisation
from outbox.models import Message
from signatories import confirming, moderating, signing
from signatories.enrolled import enrolling
from signatories.models import Kind, Signature, Visibility
from vault.indexing import address_index

ADA, BELA, UNION = "ada@okoye.example", "bela@horvat.example", "secretary@harbour-workers.example"
PASSWORD = "correct-horse-battery-staple"


def letter(slug: str, title: str, *, published: bool = True, **fields: Any) -> Letter:
    """A letter in English, addressed to two ministries, published unless told otherwise."""
    fields.setdefault("opens_at", timezone.now() - timedelta(days=7))
    letter = Letter.objects.create(slug=slug, contact=f"hosts@{slug}.example", **fields)
    version = Version.objects.create(letter=letter)
    Translation.objects.create(
        version=version,
        language="en",
        title=title,
        summary=f"{title}, in short.",
        body=f"To whom it concerns.\n\n## {title}\n\nWe ask you to *act*.",
    )
    for order, office in enumerate(["Ministry of the Interior", "Ministry of Health"]):
        Recipient.objects.create(
            version=version,
            order=order,
            office=office,
            country="GB",
            address=f"office{order}@{slug}.example",
        )
    Author.objects.create(letter=letter, name="River Watch", website="https://river-watch.example/")
    if published:
        publishing.publish(letter)
    return Letter.objects.get(pk=letter.pk)


def clean_rivers(**fields: Any) -> Letter:
    """Open and ordinary."""
    return letter("clean-rivers", "Clean Rivers", **fields)


def night_trains() -> Letter:
    """A draft."""
    return letter("night-trains", "Night Trains", published=False)


def bread_prices() -> Letter:
    """Closed two days ago."""
    closed = letter("bread-prices", "Bread Prices")
    week = timezone.now() - timedelta(days=7)
    Letter.objects.filter(pk=closed.pk).update(opens_at=week, closes_at=week + timedelta(days=5))
    closed.refresh_from_db()
    return closed


def quiet_streets() -> Letter:
    """Open and at risk."""
    return letter("quiet-streets", "Quiet Streets", risk=Letter.Risk.AT_RISK)


def attempt(letter: Letter, **changes: Any) -> Signature:
    """Somebody signs; by default Ada, publicly."""
    answers = {
        "kind": Kind.PERSON,
        "name": "Ada Okoye",
        "email": ADA,
        "country": "NG",
        "language": "en",
        "visibility": Visibility.PUBLIC,
    }
    signing.sign(letter, **(answers | changes))
    return Signature.objects.select_related("letter", "version").latest("pk")


def ada(letter: Letter, **changes: Any) -> Signature:
    """Ada has signed but not confirmed."""
    return attempt(letter, **changes)


def bela(letter: Letter, **changes: Any) -> Signature:
    """Bela's signature counts."""
    return confirmed(letter, **({"name": "Bela Horvát", "email": BELA, "country": "HU"} | changes))


def confirmed(letter: Letter, **changes: Any) -> Signature:
    """Somebody has signed and confirmed, and the clock has settled it."""
    signature = confirming.confirm(attempt(letter, **changes))
    enrolling.enrol(at_once=True)
    return fresh(signature)


def union(letter: Letter, **changes: Any) -> Signature:
    """The Harbour Workers' Union has confirmed and waits for a moderator."""
    answers = {
        "kind": Kind.ORGANISATION,
        "name": "Ines Duarte",
        "role": "Secretary",
        "email": UNION,
        "country": "PT",
        "organisation": "Harbour Workers' Union",
        "website": "https://harbour-workers.example/",
    }
    return confirmed(letter, **(answers | changes))


def chidi(letter: Letter | None = None) -> User:
    """Chidi moderates."""
    user, _ = User.objects.get_or_create(
        email="chidi@desk.example", defaults={"name": "Chidi Eze", "is_staff": True}
    )
    user.set_password(PASSWORD)
    user.save()
    if letter:
        Role.objects.get_or_create(letter=letter, user=user, kind=Role.Kind.MODERATOR)
    return user


def esra(letter: Letter, kind: str = Role.Kind.OWNER, *, name: str = "Esra") -> User:
    """Esra is a host of the letter."""
    email = f"{name.lower()}@desk.example"
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name, "is_staff": True})
    Role.objects.get_or_create(letter=letter, user=user, kind=kind)
    return user


def seen(letter: Letter) -> dict[str, str]:
    """What the page of a proposed draft sends along when somebody publishes it."""
    version = letter.versions.get(published_at=None)
    return {"seen": version.proposed_at.isoformat()} if version.proposed_at else {}


def invited(letter: Letter, **changes: Any) -> Invitation:
    """Esra has invited the Harbour Workers' Union, and the mail has left."""
    now = timezone.now()
    fields = {
        "name": "Harbour Workers' Union",
        "email": UNION,
        "language": "en",
        "country": "PT",
        "posted_at": now,
        "mailed_at": now,
    } | changes
    by = fields.pop("invited_by", None) or esra(letter)
    fields["address"] = address_index(str(fields["email"]))
    return Invitation.objects.create(letter=letter, invited_by=by, **fields)


def announced(letter: Letter, **changes: Any) -> Invitation:
    """Esra has announced the Harbour Workers' Union as a founding signatory, and its mail has left."""
    name = changes.get("name", "Harbour Workers' Union")
    fields = {
        "evidence": "Its board, by minutes of 3 March.",
        "name_key": recognising.index(name),
        "announced_until": timezone.now() + ANNOUNCED_FOR - timedelta(minutes=1),
    }
    return invited(letter, **fields | {"mailed_at": timezone.now()} | changes)


def known_union(letter: Letter, **changes: Any) -> Organisation:
    """The Harbour Workers' Union as the directory knows it, once Chidi has approved its signature."""
    organisation = moderating.approve(union(letter, **changes), by=chidi(letter)).organisation
    assert organisation is not None
    return organisation


def fresh(signature: Signature) -> Signature:
    """The signature as the database has it now."""
    return Signature.objects.select_related("letter", "version").get(pk=signature.pk)


def mail_has_left(attempt: Signature, *, ago: timedelta = timedelta(0)) -> Signature:
    """As if the mail of an attempt had left some time ago."""
    Signature.objects.filter(pk=attempt.pk).update(mailed_at=timezone.now() - ago)
    Message.objects.filter(subject=attempt.pk, kind="attempt").delete()
    return fresh(attempt)

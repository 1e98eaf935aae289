"""Finding what one works with by a few words: only what the roles of who asks let them see anyway."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import trail
from accounts.models import Trail, User
from letters.models import Letter, Translation
from letters.permitting import Verb, letters_for, letters_of
from organisations import finding
from organisations.models import Organisation
from organisations.permitting import organisations_of
from search import matching
from signatories import signing
from signatories.models import Listing, Signature
from vault.indexing import address_index

SHOWN = 20  # of each kind


@dataclass(frozen=True)
class Found:
    """What was found, at most SHOWN of each kind; `is_more` names the kinds of which there are others."""

    letters: list[Letter] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    lines: list[Trail] = field(default_factory=list)
    is_more: frozenset[str] = frozenset()
    is_near: bool = False  # no listed name holds the words; those shown are spelt nearly so


def is_address(words: str) -> bool:
    """Whether somebody looks for an e-mail address."""
    try:
        validate_email(words)
    except ValidationError:
        return False
    return True


def search(words: str, *, by: User) -> Found:
    """Everything in which the words stand; of an e-mail address, the signatures that were given with it.

    Addresses are sealed: one is found if it is typed whole, and that somebody looked is on the trail.
    Names that are not listed are sealed as well, and found if they are typed whole.
    """
    if is_address(words):
        return _of_address(words, by=by)
    listed, is_near = _listed(words, by=by)
    sealed = _moderated(by).filter(name_key=signing.name_index(words)).order_by("-pk")
    organisations, count = finding.find(organisations_of(by), words)
    kinds: dict[str, Any] = {
        "letters": _titled(words, by=by),
        "signatures": [*sealed[: SHOWN + 1], *(row.signature for row in listed)],
        "lines": list(_lines(words, by=by)[: SHOWN + 1]),
    }
    kinds["signatures"] = list({row.pk: row for row in kinds["signatures"]}.values())
    is_more = {kind for kind, rows in kinds.items() if len(rows) > SHOWN}
    is_more |= {"organisations"} if count > SHOWN else set()
    return Found(
        organisations=organisations[:SHOWN],
        is_more=frozenset(is_more),
        is_near=is_near,
        **{kind: rows[:SHOWN] for kind, rows in kinds.items()},
    )


@transaction.atomic
def _of_address(words: str, *, by: User) -> Found:
    rows = list(_moderated(by).filter(address=address_index(words)).order_by("-pk")[: SHOWN + 1])
    trail.record("address looked for", about=by, by=by, found=len(rows))
    return Found(
        signatures=rows[:SHOWN],
        is_more=frozenset({"signatures"} if len(rows) > SHOWN else ()),
    )


def _moderated(by: User) -> QuerySet[Signature]:
    """The signatures whose names and addresses the user may read.

    Letter by letter, also for those who may read all: the index of names begins with the letter.
    """
    letters = list(letters_for(by, Verb.MODERATE).values_list("pk", flat=True))
    rows = Signature.objects.filter(letter__in=letters).select_related("listing")
    return rows.prefetch_related("letter__current__translations__corrections")


def _listed(words: str, *, by: User) -> tuple[list[Listing], bool]:
    """Listed names that hold the words, and False; or those that are spelt nearly so, and True."""
    letters = letters_for(by, Verb.MODERATE)
    rows = Listing.objects.order_by().prefetch_related(
        "signature__letter__current__translations__corrections"
    )
    if not by.is_superuser:
        rows = rows.filter(letter__in=letters.values("pk"))
    if found := list(rows.filter(matching.holds("name", words))[: SHOWN + 1]):
        return sorted(found, key=lambda row: (row.position, row.pk)), False
    near = list(matching.nearly(rows, "name", words)[: SHOWN + 1])
    return near, bool(near)


def _titled(words: str, *, by: User) -> list[Letter]:
    """Letters by the words of a title in any language, or of their address; drafts among them."""
    titles = Translation.objects.order_by().filter(matching.holds("title", words)).values("version__letter")
    rows = letters_of(by).with_text().filter(Q(pk__in=titles) | Q(slug__contains=words.lower()))
    return list(rows[: SHOWN + 1])


def _lines(words: str, *, by: User) -> QuerySet[Trail]:
    """Lines of the trail by what was done, or by the name of who did it; the newest first."""
    rows = Trail.objects.select_related("who")
    if not by.is_superuser:
        rows = rows.filter(letter__in=list(letters_for(by, Verb.AUDIT).values_list("pk", flat=True)))
    done = matching.holds("what", words)
    if people := list(User.objects.filter(name__icontains=words).values_list("pk", flat=True)[:SHOWN]):
        done |= Q(who__in=people)
    return rows.filter(done).order_by("-pk")


def name_of(row: Signature, *, words: str) -> str:
    """The name one knows a signature by; empty where its signer shows it to nobody, and `words` are not it.

    A listed name outlives the rest of its signature.
    """
    listing = getattr(row, "listing", None)
    if row.may_be_named() or row.name_key == signing.name_index(words):
        return row.shown_name() or (listing.name if listing else "")
    return ""


def state_of(row: Signature) -> str:
    """Where a signature stands, in words."""
    if row.withdrawn_at or row.deleted_at:
        return _("withdrawn")
    if row.rejected_at:
        return _("rejected")
    if row.held_at:
        return _("waits for a moderator")
    if row.confirmed_at is None:
        return _("not confirmed by mail")
    return _("stands under the letter") if row.enrolled_at else _("confirmed, counted soon")

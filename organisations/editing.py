"""What moderators change about an organisation in the directory."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters.permitting import Verb, letters_for
from organisations import recognising, verifying
from organisations.models import Evidence, Name, Organisation
from scrutiny import domains

OF_THE_DOMAIN = (Evidence.Kind.MAILBOX, Evidence.Kind.DNS)


class NameTaken(Exception):
    """An organisation has this name already: this one or another."""


class MainName(Exception):
    """An organisation keeps the name it is listed by until another takes its place."""


class NeedsSecond(Exception):
    """Others know the organisation, too, so another moderator has to agree (organisations/seconding.py)."""


def needs_second(organisation: Organisation, *, by: User) -> bool:
    """Whether nobody of the desk alone changes its website or its names.

    So it is where it has the badge, or stands under a letter that `by` does not moderate.
    """
    mine = letters_for(by, Verb.MODERATE)
    return organisation.is_verified() or organisation.signatures.exclude(letter__in=mine).exists()


@transaction.atomic
def change(
    organisation: Organisation,
    *,
    website: str,
    country: str,
    type: str,
    descriptions: dict[str, str],
    by: User,
    is_agreed: bool = False,
) -> Organisation:
    """Change what is known of it; `descriptions` by language, an empty one goes.

    `is_agreed`: a second has agreed, or its own people do it. Raises NeedsSecond.
    """
    row = _locked(organisation)
    if not _stays(row, website):
        _check(row, by=by, is_agreed=is_agreed)
    has_moved = _move(row, website=website, by=by)
    row.country, row.type = country, type
    row.save(update_fields=["country", "type"])
    for language, text in descriptions.items():
        if text:
            row.descriptions.update_or_create(language=language, defaults={"text": text})
        else:
            row.descriptions.filter(language=language).delete()
    trail.record("organisation changed", about=row, by=by, has_moved=has_moved)
    return row


@transaction.atomic
def move(organisation: Organisation, *, website: str, by: User) -> None:
    """Change its website, as one moderator has proposed and another, `by`, agrees."""
    row = _locked(organisation)
    trail.record("organisation changed", about=row, by=by, has_moved=_move(row, website=website, by=by))


@transaction.atomic
def add_name(
    organisation: Organisation, *, text: str, language: str, by: User, is_agreed: bool = False
) -> Name:
    """Recognise it by one more name: that of a language, or another spelling if that has one already.

    Raises NeedsSecond, NameTaken.
    """
    row = _locked(organisation)
    _check(row, by=by, is_agreed=is_agreed)
    has_one = row.names.exclude(kind=Name.Kind.ALIAS).filter(language=language).exists()
    kind = Name.Kind.ALIAS if has_one else Name.Kind.TRANSLATION
    try:
        with transaction.atomic():
            name = row.names.create(kind=kind, language=language, text=text, key=recognising.index(text))
    except IntegrityError as error:
        raise NameTaken(organisation) from error
    trail.record("name of an organisation added", about=row, by=by, name=name.pk, language=language)
    return name


@transaction.atomic
def drop_name(name: Name, *, by: User, is_agreed: bool = False) -> None:
    """Recognise it by this name no more. Raises MainName, NeedsSecond."""
    organisation = _locked(name.organisation)
    row = organisation.names.filter(pk=name.pk).first()
    if row is None:
        return
    if row.kind == Name.Kind.MAIN:
        raise MainName(name)
    _check(organisation, by=by, is_agreed=is_agreed)
    row.delete()
    trail.record("name of an organisation dropped", about=organisation, by=by, name=name.pk)


@transaction.atomic
def lead_with(name: Name, *, by: User, is_agreed: bool = False) -> None:
    """List it by this name; the one before stays as that of its language, or as another spelling.

    Raises NeedsSecond.
    """
    organisation = _locked(name.organisation)
    names = organisation.names
    if not names.filter(pk=name.pk).exists():
        return
    _check(organisation, by=by, is_agreed=is_agreed)
    names.filter(language=name.language).update(kind=Name.Kind.ALIAS)
    names.filter(kind=Name.Kind.MAIN).update(kind=Name.Kind.TRANSLATION)
    names.filter(pk=name.pk).update(kind=Name.Kind.MAIN)
    trail.record("name of an organisation leads", about=organisation, by=by, name=name.pk)


def _check(organisation: Organisation, *, by: User, is_agreed: bool) -> None:
    if not is_agreed and needs_second(organisation, by=by):
        raise NeedsSecond(organisation)


def _stays(row: Organisation, website: str) -> bool:
    """Whether the website is the one it has, or at the same domain, which proves as much as before."""
    domain = verifying.provable_domain(Organisation(website=website))
    return (row.website or "") == website or (domain != "" and domain == verifying.provable_domain(row))


def _move(row: Organisation, *, website: str, by: User) -> bool:
    """Change the website; to another domain evidence of the old one does not go. Returns whether it moved."""
    moves = domains.of_website(row.website or "") != domains.of_website(website)
    row.website = website or None
    row.save(update_fields=["website"])
    if moves:
        # what its own people move, nobody of the desk has looked at: then no evidence stands
        kinds = OF_THE_DOMAIN if by.works_here else tuple(Evidence.Kind)
        standing = row.evidence.filter(kind__in=kinds, revoked_at=None)
        standing.update(revoked_at=timezone.now())
    return moves


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)

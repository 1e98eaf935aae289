"""What moderators change about an organisation in the directory."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from organisations import recognising
from organisations.models import Evidence, Name, Organisation
from scrutiny import domains

OF_THE_DOMAIN = (Evidence.Kind.MAILBOX, Evidence.Kind.DNS)


class NameTaken(Exception):
    """An organisation has this name already: this one or another."""


class MainName(Exception):
    """An organisation keeps the name it is listed by until another takes its place."""


@transaction.atomic
def change(
    organisation: Organisation,
    *,
    website: str,
    country: str,
    type: str,
    descriptions: dict[str, str],
    by: User,
) -> Organisation:
    """Change what is known of it; `descriptions` by language, an empty one goes.

    Evidence of a domain falls with it, when the website moves to another.
    """
    row = _locked(organisation)
    moves = domains.of_website(row.website or "") != domains.of_website(website)
    row.website, row.country, row.type = website or None, country, type
    row.save(update_fields=["website", "country", "type"])
    for language, text in descriptions.items():
        if text:
            row.descriptions.update_or_create(language=language, defaults={"text": text})
        else:
            row.descriptions.filter(language=language).delete()
    if moves:
        # what its own people move, nobody of the desk has looked at: then no evidence stands
        kinds = OF_THE_DOMAIN if by.works_here else tuple(Evidence.Kind)
        standing = row.evidence.filter(kind__in=kinds, revoked_at=None)
        standing.update(revoked_at=timezone.now())
    trail.record("organisation changed", about=row, by=by, has_moved=moves)
    return row


@transaction.atomic
def add_name(organisation: Organisation, *, text: str, language: str, by: User) -> Name:
    """Recognise it by one more name: that of a language, or another spelling if that has one already.

    Raises NameTaken.
    """
    row = _locked(organisation)
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
def drop_name(name: Name, *, by: User) -> None:
    """Recognise it by this name no more. Raises MainName."""
    organisation = _locked(name.organisation)
    row = organisation.names.filter(pk=name.pk).first()
    if row is None:
        return
    if row.kind == Name.Kind.MAIN:
        raise MainName(name)
    row.delete()
    trail.record("name of an organisation dropped", about=organisation, by=by, name=name.pk)


@transaction.atomic
def lead_with(name: Name, *, by: User) -> None:
    """List it by this name; the one before stays as that of its language, or as another spelling."""
    organisation = _locked(name.organisation)
    names = organisation.names
    if not names.filter(pk=name.pk).exists():
        return
    names.filter(language=name.language).update(kind=Name.Kind.ALIAS)
    names.filter(kind=Name.Kind.MAIN).update(kind=Name.Kind.TRANSLATION)
    names.filter(pk=name.pk).update(kind=Name.Kind.MAIN)
    trail.record("name of an organisation leads", about=organisation, by=by, name=name.pk)


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)

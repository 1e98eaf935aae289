"""What is known of one attempt, from its own row and from those that came with it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone

from scrutiny import challenging, gathering, gauging, patterns, providers, resolving, watching
from scrutiny.gauging import Facts
from signatories.models import Signature

HOUR = timedelta(hours=1)
LOOKED_AT = 200  # attempts whose browsers are compared


class Crowd(NamedTuple):
    """Who signed by the same name close by, what came from its network before, and what of it waits."""

    names: int
    tried: int = 0
    unconfirmed: int = 0


class Shapes(NamedTuple):
    """How many addresses of the same suspicious pattern came within the hour; where many, how many of any."""

    same: int = 0
    all: int = 0


class Counted(Subquery):
    """How many rows a query finds, which may be one that is cut short."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()


def facts(signatures: Sequence[Signature], *, most: gauging.Limits, asks_dns: bool) -> Iterator[Facts]:
    """Everything that is known of each row and of those that came with it; forgotten clues say nothing.

    Neighbours are looked up for all rows together, in as many queries as for one, and tell of each what they
    would tell of it alone, after those before it. No crowd is counted further than the limits `most` need it.
    """
    believed = challenging.believed(_handed_in(row) for row in signatures if _has_script(row))
    away = [signature for signature in signatures if not is_at_home(signature)]
    crowds, browsers, shapes = (
        _crowds(away, most),
        _browsers(away),
        _shapes(away, most["same_shapes_in_1_hour"]),
    )
    for signature in signatures:
        own = _facts_of_its_own(signature, has_work=signature.pk in believed)
        if is_at_home(signature):
            yield own
        else:
            domain = own.email.rpartition("@")[2]
            yield replace(
                _beside_others(own, signature, crowds[signature.pk], browsers[signature.letter_id]),
                takes_mail=resolving.takes_mail(domain) if asks_dns else None,
                same_shapes=shapes[signature.pk].same,
                shapes_in_100=_in_100(*shapes[signature.pk]),
            )


def is_at_home(signature: Signature) -> bool:
    """Whether it was signed at a developer's own machine, where a crowd tells nothing."""
    return bool((signature.clues or {}).get("is_at_home"))


def facts_of_name(signature: Signature, *, name: str, key: str, most: gauging.Limits) -> Facts:
    """What would be known of a person's signature by another name, whose blind index is `key`."""
    crowd = _same_names(signature, most=most["same_names_in_1_hour"], key=key)
    return Facts(name=name, claims=frozenset(watching.watch_list().claims(name=name)), same_names=crowd)


def _facts_of_its_own(signature: Signature, *, has_work: bool) -> Facts:
    """What its own fields say, whoever else has signed and with whatever tool."""
    clues = signature.clues or {}
    return Facts(
        name="" if signature.is_organisation() else signature.name or "",
        email=signature.email or "",
        claims=frozenset(claims(signature)),
        is_trapped=bool(clues.get("is_trapped")),
        has_script=_has_script(signature),
        has_work=has_work if _has_script(signature) else None,  # without the page's script none was asked for
    )


def _beside_others(own: Facts, signature: Signature, crowd: Crowd, browsers: Counter[str]) -> Facts:
    """Its own facts, and what they are among those that came with it."""
    clues = signature.clues or {}
    agent = clues.get("agent", "")
    looked_at = browsers if _is_uncommon(agent) else Counter()
    return replace(
        own,
        has_languages=bool(clues.get("has_languages", True)),
        origin=clues.get("origin", ""),
        agent=agent,
        agent_in_100=_in_100(looked_at[agent], looked_at.total()),
        agents_counted=looked_at.total(),
        same_names=crowd.names,
        tried_from_network=crowd.tried,
        unconfirmed_in_100=_in_100(crowd.unconfirmed, crowd.tried),
    )


def _has_script(signature: Signature) -> bool:
    return bool((signature.clues or {}).get("has_script"))


def _handed_in(signature: Signature) -> challenging.HandedIn:
    clues = signature.clues or {}
    letter, at = signature.letter.slug, signature.created_at
    return challenging.HandedIn(signature.pk, work=clues.get("work") or "", letter=letter, at=at)


def _in_100(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


def claims(signature: Signature) -> set[str]:
    """What a person claims to be; a representative speaks for an organisation, which is looked at anyway."""
    if signature.is_organisation():
        return set()
    return watching.watch_list().claims(
        name=signature.name or "", role=signature.role or "", affiliation=signature.affiliation or ""
    )


def _crowds(signatures: Sequence[Signature], most: gauging.Limits) -> dict[int, Crowd]:
    """The crowd about each, by its id."""
    names, fewest = most["same_names_in_1_hour"], most["unconfirmed_from_network"]
    came = _came_from(letter=OuterRef("letter"), network=OuterRef("network"))
    # a network that is not busy, as nearly none is, is cheaper to find out than the numbers
    is_busy = Exists(came[max(fewest - 1, 0) : fewest])
    counts = _counts(signatures, names=_named_alike(signatures, most=names), is_busy=is_busy)
    bucket = cache(_bucket)
    crowds = {}
    for signature in signatures:
        crowd = Crowd(counts[signature.pk]["names"])
        if signature.network and counts[signature.pk]["is_busy"]:
            crowd = Crowd(crowd.names, *bucket(signature.letter_id, signature.network))
        crowds[signature.pk] = _at_no_gathering(signature, crowd, names)
    return crowds


def _at_no_gathering(signature: Signature, crowd: Crowd, most: int) -> Crowd:
    """Where people of one place were announced their network tells nothing."""
    at = signature.created_at
    is_crowd = crowd.names >= most or crowd.tried > 0
    if signature.network and is_crowd and gathering.is_on(signature.letter, since=at, until=at):
        return Crowd(_same_names(signature, most=most, is_by_network=False))
    return crowd


def _same_names(
    signature: Signature, *, most: int, is_by_network: bool = True, key: str | None = None
) -> int:
    names = _named_alike([signature], most=most, is_by_network=is_by_network, key=key)
    return _counts([signature], names=names)[signature.pk]["names"]


def _counts(signatures: Iterable[Signature], **counted: Subquery) -> dict[int, dict[str, int]]:
    """What subqueries count about each of the rows, by its id."""
    rows = Signature.objects.filter(pk__in=[signature.pk for signature in signatures]).order_by()
    known = rows.alias(
        since=F("created_at") - HOUR, until=F("created_at") + HOUR, shape=KT("clues__shape")
    ).annotate(**counted)
    return {row["pk"]: row for row in known.values("pk", *counted)}


def _named_alike(
    signatures: Iterable[Signature], *, most: int, is_by_network: bool = True, key: str | None = None
) -> Counted:
    """By how many addresses the name signed within the hour, from the same network or own mail domain.

    Of those at the domain only whose owner has confirmed: anybody can make up addresses there.
    """
    shared = {s.domain for s in signatures if s.domain and providers.is_provider_index(s.domain)}
    near = Q(pk=OuterRef("pk"))
    near |= Q(domain=OuterRef("domain"), confirmed_at__isnull=False) & ~Q(domain__in=shared)
    if is_by_network:
        near |= Q(network=OuterRef("network"))
    same = _within_the_hour().filter(near, name_key=OuterRef("name_key") if key is None else key)
    return Counted(same.values("address").distinct()[:most])


def _shapes(signatures: Iterable[Signature], most: int) -> defaultdict[int, Shapes]:
    """The pattern of each address that has one; those behind it in the row do not count yet."""
    found = {s.pk: patterns.shape(s.email or "") for s in signatures if s.clues is not None}
    shaped = [signature for signature in signatures if found.get(signature.pk)]
    fresh = [s for s in shaped if (s.clues or {}).get("shape") != found[s.pk]]
    for signature in fresh:
        signature.clues = (signature.clues or {}) | {"shape": found[signature.pk]}
    _keep_clues(fresh)
    alike = _within_the_hour().filter(clues__isnull=False).alias(shape=KT("clues__shape"))
    counts = _counts(shaped, same=Counted(alike.filter(shape=OuterRef("shape")).values("pk")))
    same = {
        signature.pk: counts[signature.pk]["same"]
        - sum(_are_alike(signature, behind) for behind in shaped[place:] if behind in fresh)
        for place, signature in enumerate(shaped, start=1)
    }
    # the dearest number, which tells nothing where the others are few
    crowded = [signature for signature in shaped if same[signature.pk] >= most]
    hours = _counts(crowded, all=Counted(_within_the_hour().values("pk")))
    shapes: defaultdict[int, Shapes] = defaultdict(Shapes)
    for number in same:
        shapes[number] = Shapes(same[number], hours[number]["all"] if number in hours else 0)
    return shapes


@transaction.atomic(savepoint=False)
def _keep_clues(signatures: Sequence[Signature]) -> None:
    """Write clues where they are still kept: the next ones are compared with them."""
    kept = Signature.objects.filter(pk__in=[s.pk for s in signatures], clues__isnull=False)
    # locked in the order in which all others lock them, so that nobody waits for the other
    numbers = set(kept.select_for_update().order_by("pk").values_list("pk", flat=True))
    Signature.objects.bulk_update([s for s in signatures if s.pk in numbers], ["clues"])


def _are_alike(one: Signature, other: Signature) -> bool:
    """Whether addresses of one pattern came under one letter within an hour."""
    same = one.letter_id == other.letter_id and (one.clues or {})["shape"] == (other.clues or {})["shape"]
    return same and abs(one.created_at - other.created_at) < HOUR


def _is_uncommon(agent: str) -> bool:
    """Whether so few come with such a browser that something follows from many who do."""
    return bool(agent) and 3 * gauging.USUAL_SHARE.get(agent, 100) < 100


def _browsers(signatures: Iterable[Signature]) -> defaultdict[int, Counter[str]]:
    """With which browsers the last attempts under each letter came, where that tells something."""
    letters = {s.letter_id for s in signatures if _is_uncommon((s.clues or {}).get("agent", ""))}
    return defaultdict(Counter, {letter: _browsers_under(letter) for letter in letters})


def _browsers_under(letter: int) -> Counter[str]:
    last = Signature.objects.filter(letter=letter, clues__isnull=False).order_by("-pk")
    return Counter(last.values_list("clues__agent", flat=True)[:LOOKED_AT])


def _bucket(letter: int, network: str) -> tuple[int, int]:
    """How many attempts came from the same network over an hour ago, and how many of them lie unconfirmed.

    Whether mail left for them would tell whether their addresses had signed before.
    """
    came = _came_from(letter=letter, network=network)
    rows = came.aggregate(tried=Count("pk"), lying=Count("pk", filter=Q(confirmed_at=None)))
    return rows["tried"], rows["lying"]


def _came_from(**where: object) -> "QuerySet[Signature]":
    return Signature.objects.filter(**where, created_at__lt=timezone.now() - HOUR).order_by()


def _within_the_hour() -> "QuerySet[Signature]":
    """What came under the letter of a row within its hour (see `_counts`)."""
    return Signature.objects.filter(
        letter=OuterRef("letter"), created_at__gt=OuterRef("since"), created_at__lt=OuterRef("until")
    ).order_by()

"""What is known of one attempt, from its own row and from those that came with it."""

import copy
from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from scrutiny import challenging, domains, gathering, gauging, patterns, providers, resolving, watching
from scrutiny.gauging import Facts
from signatories.models import Signature

HOUR = timedelta(hours=1)
LOOKED_AT = 200  # attempts whose browsers are compared


def facts(signature: Signature, *, most: gauging.Limits, asks_dns: bool) -> Facts:
    """Everything that is known of one row and of those that came with it; forgotten clues say nothing.

    No crowd is counted further than the limits `most` need it.
    """
    own = _facts_of_its_own(signature)
    if is_at_home(signature):
        return own
    clues = signature.clues or {}
    agent = clues.get("agent", "")
    same_agent, agents = _agents(signature, agent) if agent else (0, 0)
    same_shape, in_the_hour = _shapes(signature, own.email)
    names, mailed, unconfirmed = _crowd(signature, own.email, most)
    return replace(
        own,
        has_languages=bool(clues.get("has_languages", True)),
        origin=clues.get("origin", ""),
        agent=agent,
        agent_in_100=_in_100(same_agent, agents),
        agents_counted=agents,
        takes_mail=resolving.takes_mail(own.email.rpartition("@")[2]) if asks_dns else None,
        same_names=names,
        same_shapes=same_shape,
        shapes_in_100=_in_100(same_shape, in_the_hour),
        mailed_from_network=mailed,
        unconfirmed_in_100=_in_100(unconfirmed, mailed),
    )


def is_at_home(signature: Signature) -> bool:
    """Whether it was signed at a developer's own machine, where a crowd tells nothing."""
    return bool((signature.clues or {}).get("is_at_home"))


def facts_of_name(signature: Signature, *, name: str, key: str, most: gauging.Limits) -> Facts:
    """What would be known of a person's signature by another name, whose blind index is `key`."""
    renamed = copy.copy(signature)
    renamed.name_key = key
    crowd = _same_names(renamed, signature.email or "", signature.network, most["same_names_in_1_hour"])
    return Facts(name=name, claims=frozenset(watching.watch_list().claims(name=name)), same_names=crowd)


def _facts_of_its_own(signature: Signature) -> Facts:
    """What its own fields say, whoever else has signed and with whatever tool."""
    clues = signature.clues or {}
    return Facts(
        name="" if signature.is_organisation() else signature.name or "",
        email=signature.email or "",
        claims=frozenset(claims(signature)),
        is_trapped=bool(clues.get("is_trapped")),
        has_script=bool(clues.get("has_script")),
        has_work=_has_work(signature),
    )


def _has_work(signature: Signature) -> bool | None:
    """Whether it came with work of its own; None where none was asked for, or it is forgotten."""
    clues = signature.clues or {}
    if not clues.get("has_script"):
        return None
    letter, at = signature.letter.slug, signature.created_at
    return challenging.verify(clues.get("work") or "", letter=letter, at=at, attempt=signature.pk)


def _in_100(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


def claims(signature: Signature) -> set[str]:
    """What a person claims to be; a representative speaks for an organisation, which is looked at anyway."""
    if signature.is_organisation():
        return set()
    return watching.watch_list().claims(
        name=signature.name or "", role=signature.role or "", affiliation=signature.affiliation or ""
    )


def _crowd(signature: Signature, email: str, most: gauging.Limits) -> tuple[int, int, int]:
    """Who signed by the same name close by, what left for its network, and what of that lies unconfirmed.

    Where people of one place were announced their network tells nothing.
    """
    network, at = signature.network, signature.created_at
    names = _same_names(signature, email, network, most["same_names_in_1_hour"])
    bucket = _bucket(signature, network, most["unconfirmed_from_network"])
    is_crowd = names >= most["same_names_in_1_hour"] or bucket[0] > 0
    if network and is_crowd and gathering.is_on(signature.letter, since=at, until=at):
        return _same_names(signature, email, None, most["same_names_in_1_hour"]), 0, 0
    return names, *bucket


def _same_names(signature: Signature, email: str, network: str | None, most: int) -> int:
    """By how many addresses the name signed within the hour, from the same network or own mail domain.

    Of those at the domain only whose owner has confirmed: anybody can make up addresses there.
    """
    if not signature.name_key:
        return 0
    near = Q(pk=signature.pk)
    if network:
        near |= Q(network=network)
    if signature.domain and not providers.is_provider(domains.registrable(email)):
        near |= Q(domain=signature.domain, confirmed_at__isnull=False)
    same = _within_the_hour(signature).filter(near, name_key=signature.name_key)
    return len(same.order_by().values_list("address").distinct()[:most])


def _shapes(signature: Signature, email: str) -> tuple[int, int]:
    """How many addresses of the same suspicious pattern came within the hour, and how many of any."""
    shape = patterns.shape(email)
    if shape is None or signature.clues is None:
        return 0, 0
    _note_shape(signature, shape)
    rows = _within_the_hour(signature).aggregate(
        same=Count("pk", filter=Q(clues__shape=shape)), all=Count("pk")
    )
    return rows["same"], rows["all"]


def _note_shape(signature: Signature, shape: str) -> None:
    """Keep the pattern beside the other clues, if those are still kept: the next one is compared with it."""
    signature.clues = (signature.clues or {}) | {"shape": shape}
    kept = Signature.objects.filter(pk=signature.pk, clues__isnull=False)
    kept.update(clues=signature.clues)


def _agents(signature: Signature, agent: str) -> tuple[int, int]:
    """How many of the last attempts under the letter came with the same browser, and of how many."""
    if 3 * gauging.USUAL_SHARE.get(agent, 100) >= 100:
        return 0, 0  # nothing would follow from it
    last = Signature.objects.filter(letter=signature.letter_id, clues__isnull=False).order_by("-pk")
    rows = last[:LOOKED_AT].aggregate(same=Count("pk", filter=Q(clues__agent=agent)), all=Count("pk"))
    return rows["same"], rows["all"]


def _bucket(signature: Signature, network: str | None, fewest: int) -> tuple[int, int]:
    """How many mails left for attempts from the same network over an hour ago; how many lie unconfirmed."""
    if network is None:
        return 0, 0
    same = Signature.objects.filter(letter=signature.letter_id, network=network)
    left = same.filter(mailed_at__lt=timezone.now() - HOUR).order_by()
    if not left[max(fewest - 1, 0) : fewest].exists():
        return 0, 0  # as nearly always, and cheaper to find out than the numbers
    rows = left.aggregate(mailed=Count("pk"), lying=Count("pk", filter=Q(confirmed_at=None)))
    return rows["mailed"], rows["lying"]


def _within_the_hour(signature: Signature) -> "QuerySet[Signature]":
    since, until = signature.created_at - HOUR, signature.created_at + HOUR
    return Signature.objects.filter(letter=signature.letter_id, created_at__gt=since, created_at__lt=until)

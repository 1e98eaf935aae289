"""How fast the mail of an attempt leaves: nobody is refused or held for where an attempt comes from.

It is decided when the mail is built, never before the answer to the form, so that no time tells anything.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from outbox import alerting
from outbox.building import Slower
from outbox.models import Lane, Message
from scrutiny import challenging, domains, gathering, limits, providers
from signatories.judging import braking, comparing
from signatories.models import Signature

HOUR = timedelta(hours=1)
KNOWN_AFTER = timedelta(hours=24)
OF_A_DOMAIN, OF_A_NEW_DOMAIN = "attempts_per_domain_in_1_hour", "attempts_per_new_domain_in_1_hour"

NETWORKS_UNKNOWN = gettext_noop(
    "The cache is away, so networks are not told apart: mail to confirm leaves by the slow lane."
)
DOMAIN_CROWDED = gettext_noop(
    "Many have tried to sign with addresses of one mail domain within an hour: their mail leaves by the"
    " slow lane."
)


def pace(post: Message, attempt: Signature) -> Slower | None:
    """The lane behind its own in which the mail of an attempt has to wait; None where it may leave."""
    if post.lane < Lane.BRAKED and braking.holds_back(attempt):
        return Slower(Lane.BRAKED)
    if post.lane == Lane.FAST and is_slow(attempt):
        return Slower(Lane.SLOW)
    return None


def is_slow(attempt: Signature) -> bool:
    """Whether machines could be behind it: no work was done, or its network or mail domain is crowded.

    What is known of an attempt is gone after a day. Later nothing is asked, and it has waited already.
    """
    if attempt.clues is None or comparing.is_at_home(attempt):
        return False
    is_crowded = _is_of_a_crowded_domain(attempt)  # always asked, as it notes when a domain was first seen
    if not attempt.clues.get("has_script"):
        return True
    if attempt.network is None:
        alerting.raise_alert("networks unknown", reason=NETWORKS_UNKNOWN)
        return True
    return is_crowded or _lacks_work(attempt) or _is_of_a_crowded_network(attempt)


def _lacks_work(attempt: Signature) -> bool:
    """Whether a script is said to have run and brought no work of its own, as its score says already."""
    return any(found["code"] == "no_work" for found in attempt.suspicions)


def _is_of_a_crowded_network(attempt: Signature) -> bool:
    """Whether more than the free number came from its network under its letter, up to this one."""
    same = Signature.objects.filter(letter=attempt.letter_id, network=attempt.network)
    most = limits.limits(*challenging.WINDOWS)
    if not _exceeds(same, attempt, within=max(challenging.WINDOWS.values()), most=min(most.values())):
        return False
    is_crowded = any(
        _exceeds(same, attempt, within=window, most=most[name])
        for name, window in challenging.WINDOWS.items()
    )
    at = attempt.created_at
    return is_crowded and not gathering.is_on(attempt.letter, since=at, until=at)


def _is_of_a_crowded_domain(attempt: Signature) -> bool:
    """Whether more than usual came from its mail domain under its letter; the large providers are free."""
    if attempt.domain is None or providers.is_provider_index(attempt.domain):
        return False
    first_seen_at = domains.first_seen(attempt.domain, at=attempt.created_at)
    is_new = attempt.created_at - first_seen_at < KNOWN_AFTER
    same = Signature.objects.filter(letter=attempt.letter_id, domain=attempt.domain)
    most = limits.limit(OF_A_NEW_DOMAIN if is_new else OF_A_DOMAIN)
    if not _exceeds(same, attempt, within=HOUR, most=most):
        return False
    if attempt.domain in gathering.hosts(attempt.letter, since=attempt.created_at, until=attempt.created_at):
        return False
    alerting.raise_alert("crowded mail domain", about=f"letter {attempt.letter_id}", reason=DOMAIN_CROWDED)
    return True


def _exceeds(same: QuerySet[Signature], attempt: Signature, *, within: timedelta, most: int) -> bool:
    """Whether the attempt is beyond the first `most` of the same that came within so long."""
    at = attempt.created_at
    # reads no more of the index than `most` rows, however large the crowd
    return same.filter(created_at__gt=at - within, created_at__lte=at)[most : most + 1].exists()

"""Who signed the same letter from the same mail domain, by the same name or over the same network."""

from typing import NamedTuple

from signatories.models import Signature

# each holds an index under a key, never the thing itself; that of a network goes after a day
SHARED = ("domain", "name_key", "network")


class Neighbours(NamedTuple):
    """What they share, how many that stand do, how many that wait, and the first of those that wait."""

    shared: str
    standing: int
    waiting: int
    first: list[int]


def of(signature: Signature, *, most: int) -> list[Neighbours]:
    """The neighbours of a signature under its letter, by each thing that is known of it."""
    found = []
    for shared in SHARED:
        if value := getattr(signature, shared):
            alike = signature.letter.signatures.filter(**{shared: value}).exclude(pk=signature.pk).order_by()
            waiting = alike.waiting()
            first = waiting.order_by("pk").values_list("pk", flat=True)[:most]
            found.append(
                Neighbours(
                    shared, alike.standing().order_by().count(), waiting.order_by().count(), list(first)
                )
            )
    return found

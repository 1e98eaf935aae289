"""The watch list: names, titles, offices and organisations that a person looks at before anybody sees them.

It begins with `watched`; a row of the desk's adds to it or exempts from it. What is claimed is compared word
by word, so a "Ministerium" is no minister. A match holds, it never refuses.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scrutiny import at_hand, folding, watched
from scrutiny.models import Watched

Words = tuple[str, ...]
Kind = Watched.Kind


@dataclass(frozen=True)
class WatchList:
    """Everything that is watched, folded into words."""

    names: frozenset[Words]
    titles: frozenset[Words]
    offices: frozenset[Words]
    organisations: tuple[str, ...]

    def claims(self, *, name: str, role: str = "", affiliation: str = "") -> set[str]:
        """Which kinds of the watch list a person's entry touches: `name`, `title`, `office`."""
        spoken = folding.words(name)
        fields = [folding.words(text) for text in (role, affiliation) if text]
        found = {
            Kind.NAME: _contains(spoken, self.names),
            Kind.TITLE: _leads(spoken, self.titles) or _trails(spoken),
            Kind.OFFICE: any(tuple(field) in ALONE or _contains(field, self.offices) for field in fields),
        }
        return {kind.value for kind, is_claimed in found.items() if is_claimed}


@at_hand.kept(seconds=60)
def watch_list() -> WatchList:
    """The list as it is in force, a minute old at most."""
    rows = list(Watched.objects.in_force().values_list("kind", "text", "is_exempt"))

    def of(kind: str, texts: Iterable[str] = ()) -> dict[Words, str]:
        found = {_words(text): text for text in texts}
        found |= {_words(text): text for own, text, is_exempt in rows if own == kind and not is_exempt}
        exempt = {_words(text) for own, text, is_exempt in rows if own == kind and is_exempt} | {()}
        return {words: text for words, text in found.items() if words not in exempt}

    return WatchList(
        names=frozenset(of(Kind.NAME)),
        titles=frozenset(of(Kind.TITLE, watched.TITLES)),
        offices=frozenset(of(Kind.OFFICE, watched.OFFICES)),
        organisations=tuple(of(Kind.ORGANISATION, watched.ORGANISATIONS).values()),
    )


def from_the_start() -> dict[str, tuple[str, ...]]:
    """What each kind of the list holds before the desk adds anything."""
    return {
        Kind.TITLE.value: watched.TITLES,
        Kind.OFFICE.value: watched.OFFICES,
        Kind.ORGANISATION.value: watched.ORGANISATIONS,
    }


def is_from_the_start(kind: str, text: str) -> bool:
    return _words(text) in {_words(known) for known in from_the_start().get(kind, ())}


def same(kind: str, text: str) -> Watched | None:
    """The entry in force that says the same, whatever its capitals and accents."""
    entries = Watched.objects.in_force().filter(kind=kind)
    return next((row for row in entries if _words(row.text) == _words(text)), None)


def _words(text: str) -> Words:
    return tuple(folding.words(text))


ALONE = frozenset(map(_words, watched.OFFICES_ALONE))
BEHIND = frozenset(map(_words, watched.TITLES_BEHIND))


def _contains(spoken: list[str], watched_words: frozenset[Words]) -> bool:
    """Whether any of the watched words stand in what is said, as whole words side by side."""
    longest = max(map(len, watched_words), default=0)
    return any(
        tuple(spoken[start : start + length]) in watched_words
        for start in range(len(spoken))
        for length in range(1, min(longest, len(spoken) - start) + 1)
    )


def _leads(spoken: list[str], titles: frozenset[Words]) -> bool:
    """Whether a name begins with a title. A name that is nothing but the title claims no more than a name."""
    start = next((i for i, word in enumerate(spoken) if word not in watched.BEFORE_TITLES), len(spoken))
    longest = max(map(len, titles), default=0)
    return any(
        tuple(spoken[start : start + length]) in titles
        for length in range(1, min(longest, len(spoken) - start - 1) + 1)
    )


def _trails(spoken: list[str]) -> bool:
    return any(tuple(spoken[-length:]) in BEHIND for length in (1, 2) if len(spoken) > length)

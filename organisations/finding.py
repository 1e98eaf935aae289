"""Looking through the directory: names are sealed, so the newest are unsealed and compared."""

from organisations.models import Organisation, OrganisationQuerySet
from scrutiny import folding

LOOKED_AT = 5000
SHOWN = 100


def find(among: OrganisationQuerySet, words: str) -> tuple[list[Organisation], int]:
    """The organisations with a name or website in which all the words stand, and how many there are.

    The newest come first, a hundred at most. Letter case, accents and keyboards do not matter.
    """
    rows = among.order_by("-pk").prefetch_related("names")
    wanted = folding.words(words)
    if not wanted:
        return list(rows[:SHOWN]), rows.count()
    found = [row for row in rows[:LOOKED_AT] if _has(row, wanted)]
    return found[:SHOWN], len(found)


def _has(row: Organisation, wanted: list[str]) -> bool:
    texts = [name.text for name in row.names.all()] + [row.website or ""]
    standing = " ".join(word for text in texts for word in folding.words(text))
    return all(word in standing for word in wanted)

"""Which other entry of the directory could be the same organisation."""

from organisations import finding
from organisations.models import Organisation, OrganisationQuerySet
from scrutiny import domains, folding


def others(
    organisation: Organisation, *, among: OrganisationQuerySet, words: str
) -> tuple[list[Organisation], int]:
    """What has the words in its names; without words, what shares a website's domain or most of a name."""
    if words:
        return finding.find(among, words)
    rows = among.order_by("-pk").prefetch_related("names")[: finding.LOOKED_AT]
    likely = [row for row in rows if _are_alike(organisation, row)]
    return likely[: finding.SHOWN], len(likely)


def _are_alike(one: Organisation, other: Organisation) -> bool:
    domain = domains.of_website(one.website or "")
    if domain and domain == domains.of_website(other.website or ""):
        return True
    return any(_share(mine, theirs) for mine in _names(one) for theirs in _names(other))


def _names(row: Organisation) -> list[set[str]]:
    return [set(folding.words(name.text)) for name in row.names.all()]


def _share(mine: set[str], theirs: set[str]) -> bool:
    """Whether two thirds of the words of the longer name stand in the other."""
    return 3 * len(mine & theirs) >= 2 * max(len(mine), len(theirs), 1)

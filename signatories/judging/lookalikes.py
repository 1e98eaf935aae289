"""Which organisations a name could be taken for: those recognised here and those on the watch list."""

from dataclasses import dataclass

from organisations.models import Name
from scrutiny import at_hand, resembling, watching
from signatories.models import Listing

MOST = 5000


@dataclass(frozen=True)
class Known:
    """An organisation as it is compared; `key` is its blind index, empty on the watch list.

    `is_public`: anybody can know of it, since it is listed under a letter, or watched.
    """

    skeleton: str
    name: str
    key: str
    is_public: bool


def of(name: str, *, key: str | None, among_public: bool = False) -> list[str]:
    """The names that `name` resembles, but for the organisation's own, which it has under its `key`.

    `among_public`: for who may type any name, and must not learn by it who has signed unlisted.
    """
    looks = resembling.skeleton(name)
    return [
        known.name
        for known in _known()
        if known.key != key
        and looks
        and (known.is_public or not among_public)
        and resembling.are_alike(looks, known.skeleton)
    ]


@at_hand.kept(seconds=60)
def _known() -> list[Known]:
    """The newest of them, unsealed once a minute where anybody asks: comparing needs the letters."""
    listed = Listing.objects.filter(letter__taken_down_at=None, signature__organisation__isnull=False)
    public = set(listed.values_list("signature__organisation", flat=True))
    names = Name.objects.exclude(organisation__members__by_invitation=True)  # those say nothing yet
    rows = names.order_by("-pk").only("text", "key", "organisation")[:MOST]
    recognised = [
        Known(resembling.skeleton(row.text), row.text, row.key, row.organisation_id in public) for row in rows
    ]
    watched = watching.watch_list().organisations
    return recognised + [Known(resembling.skeleton(text), text, "", is_public=True) for text in watched]

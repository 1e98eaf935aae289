"""Which organisations a name could be taken for: those recognised here and those on the watch list."""

from dataclasses import dataclass

from organisations.models import Name
from scrutiny import at_hand, resembling, watching

MOST = 5000


@dataclass(frozen=True)
class Known:
    """An organisation as it is compared; `key` is its blind index, empty on the watch list."""

    skeleton: str
    name: str
    key: str


def of(name: str, *, key: str | None) -> list[str]:
    """The names that `name` resembles, but for the organisation's own, which it has under its `key`."""
    looks = resembling.skeleton(name)
    return [
        known.name
        for known in _known()
        if known.key != key and looks and resembling.are_alike(looks, known.skeleton)
    ]


@at_hand.kept(seconds=60)
def _known() -> list[Known]:
    """The newest of them, unsealed once a minute where anybody asks: comparing needs the letters."""
    rows = Name.objects.order_by("-pk").only("text", "key", "organisation")[:MOST]
    recognised = [Known(resembling.skeleton(row.text), row.text, row.key) for row in rows]
    watched = [Known(resembling.skeleton(text), text, "") for text in watching.watch_list().organisations]
    return recognised + watched

"""Which office of a letter is which, and how readers tell two of one name apart."""

from collections import Counter, defaultdict
from typing import NamedTuple

from letters import countries
from letters.models import Letter, Recipient

Which = tuple[str, str, str]


class Name(NamedTuple):
    """What readers call an office.

    Its country (ISO 3166-1 alpha-2) is said where another of the letter's offices bears the same name, the
    person where another one of that country does; otherwise both are empty.
    """

    office: str
    country: str
    person: str

    def in_words(self) -> str:
        """As plain text, in the active language."""
        country = f" ({countries.name(self.country)})" if self.country else ""
        return f"{self.office}{country}{f', {self.person}' if self.person else ''}"


class Offices:
    """All offices to which the published versions of a letter are addressed. One query.

    Each version lists its offices anew, so an office is known by its name and its country. Where a version
    has two of these, as two embassies in one country, it is known by where it is as well.
    """

    def __init__(self, letter: Letter) -> None:
        rows = Recipient.objects.filter(version__letter=letter, version__published_at__isnull=False)
        known = list(rows)
        beside = Counter((one.version_id, one.office, one.country) for one in known)
        self._shared = {(office, country) for (_, office, country), times in beside.items() if times > 1}
        self._countries: dict[str, set[str]] = defaultdict(set)
        for one in known:
            self._countries[one.office].add(one.country)

    def which(self, recipient: Recipient) -> Which:
        """The same for the same office of any version."""
        office, country = recipient.office, recipient.country
        if (office, country) not in self._shared:
            return office, country, ""
        return office, country, recipient.address or recipient.postal or recipient.person

    def name(self, recipient: Recipient) -> Name:
        office, country = recipient.office, recipient.country
        return Name(
            office,
            country if len(self._countries[office]) > 1 else "",
            recipient.person if (office, country) in self._shared else "",
        )

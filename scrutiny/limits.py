"""Every threshold in one table: what holds unless the desk has said otherwise."""

from scrutiny.models import Limit

DEFAULTS = {
    # mail that anybody could have asked for, to one address, over the whole site
    "mails_per_address_in_10_minutes": 1,
    "mails_per_address_in_24_hours": 3,
    # from one network under one letter, free: carriers put thousands of phones behind one address
    "attempts_per_network_in_1_minute": 30,
    "attempts_per_network_in_10_minutes": 200,
    "attempts_per_network_in_1_hour": 1000,
    # names that one network may report, and reports of one name that wait for one decision
    "reports_per_network_in_24_hours": 20,
    "open_reports_per_name": 200,
    # pages of names; a page holds a hundred
    "list_pages_per_network_in_10_minutes": 200,
}


def limits(*names: str) -> dict[str, int]:
    """The named thresholds as they are in force, in one query; a `Limit` row replaces the default."""
    moved = dict(Limit.objects.filter(name__in=names).values_list("name", "value"))
    return {name: moved.get(name, DEFAULTS[name]) for name in names}


def limit(name: str) -> int:
    """One threshold as it is in force."""
    return limits(name)[name]

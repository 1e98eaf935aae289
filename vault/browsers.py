"""Which family of browsers a request claims to come from: never a version, so that it marks nobody."""

from django.utils.translation import gettext_lazy as _

LONGEST = 500  # characters of a User-Agent that are read
# What is named first wins: every browser also claims to be one of those further down
FAMILIES = {
    "EdgA/": "edge",
    "Edg/": "edge",
    "OPR/": "opera",
    "SamsungBrowser/": "samsung",
    "Firefox/": "firefox",
    "FxiOS/": "firefox",
    "Chrome/": "chrome",
    "CriOS/": "chrome",
    "Safari/": "safari",
    "curl/": "curl",
    "Lynx/": "text",
    "w3m/": "text",
    "Links": "text",
}
OTHER, NONE = "other", "none"
NAMES = {
    "edge": "Edge", "opera": "Opera", "samsung": "Samsung Internet", "firefox": "Firefox", "chrome": "Chrome",
    "safari": "Safari", "curl": "curl", "text": _("a browser of text"), OTHER: _("another browser"),
    NONE: _("no browser that says so"),
}  # fmt: skip


def family(agent: str) -> str:
    """The family of browsers that a User-Agent claims to be of."""
    if not agent:
        return NONE
    return next((name for claim, name in FAMILIES.items() if claim in agent[:LONGEST]), OTHER)

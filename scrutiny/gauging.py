"""The score: what speaks against a person having signed, in points that can be added up.

Facts go in, suspicions come out. Nothing here asks anybody, and no single suspicion proves anything: the
sum decides whether a person looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scrutiny import disposable, patterns

HIGHEST = 32_767  # what the column of the score holds

# How many of a hundred readers come with a browser of each family, by public statistics of 2026
USUAL_SHARE = {
    "chrome": 62, "safari": 20, "edge": 6, "firefox": 4, "samsung": 3, "opera": 3,
    "other": 2, "none": 1, "curl": 1, "text": 1,
}  # fmt: skip

Limits = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an attempt. What could not be found out stays at its default and scores nothing."""

    name: str = ""  # empty for an organisation, whose name may have digits and shout
    email: str = ""
    claims: frozenset[str] = frozenset()  # kinds of the watch list
    is_trapped: bool = False
    has_script: bool = False
    has_work: bool | None = None  # None: nobody has looked
    has_languages: bool = True
    agent: str = ""
    agent_in_100: int = 0  # of the last `agents_counted`
    agents_counted: int = 0
    origin: str = ""  # "hosting" or "tor", where a list of networks says so
    takes_mail: bool | None = None
    same_names: int = 0
    same_shapes: int = 0
    shapes_in_100: int = 0
    tried_from_network: int = 0
    unconfirmed_in_100: int = 0
    is_hasty: bool = False


@dataclass(frozen=True)
class Suspicion:
    """One reason, by its code (reasons.SENTENCES), and what it weighs."""

    code: str
    points: int

    def row(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points}


RULES: dict[str, Callable[[Facts, Limits], bool]] = {
    "trap": lambda facts, _: facts.is_trapped,
    "no_work": lambda facts, _: facts.has_script and facts.has_work is False,
    "disposable": lambda facts, _: disposable.is_disposable(facts.email),
    "no_mail_server": lambda facts, _: facts.takes_mail is False,
    "odd_name": lambda facts, _: patterns.is_odd_name(facts.name),
    "watched_name": lambda facts, _: "name" in facts.claims,
    "same_name": lambda facts, most: facts.same_names >= most["same_names_in_1_hour"],
    "same_shape": lambda facts, most: (
        facts.same_shapes >= most["same_shapes_in_1_hour"]
        and facts.shapes_in_100 >= most["same_shapes_in_100"]
    ),
    "one_browser": lambda facts, most: (
        facts.agents_counted >= most["browsers_looked_at"]
        and facts.agent_in_100 > most["one_browser_in_100"]
        and facts.agent_in_100 > 3 * USUAL_SHARE.get(facts.agent, 100)
    ),
    "hosting": lambda facts, _: facts.origin == "hosting",
    "tor": lambda facts, _: facts.origin == "tor",
    "no_languages": lambda facts, _: not facts.has_languages,
    "hasty": lambda facts, _: facts.is_hasty,
    "unconfirmed_network": lambda facts, most: (
        facts.tried_from_network >= most["unconfirmed_from_network"]
        and facts.unconfirmed_in_100 > most["unconfirmed_in_100"]
    ),
}
# These weigh nothing and are looked at by a person all the same
CLAIMS = {"claimed_title": "title", "claimed_office": "office"}
FOR_A_PERSON = frozenset({"watched_name", *CLAIMS})
# What others can bring upon somebody, by signing near them with made-up attempts
BY_OTHERS = frozenset({"same_name", "same_shape", "one_browser", "unconfirmed_network"})

POINTS = {code: f"points_for_{code}" for code in RULES}


def gauge(facts: Facts, most: Limits) -> list[Suspicion]:
    """What the facts speak for, with the points and thresholds of the limits `most`."""
    found = [Suspicion(code, most[POINTS[code]]) for code, holds in RULES.items() if holds(facts, most)]
    return found + [Suspicion(code, 0) for code, kind in CLAIMS.items() if kind in facts.claims]


def total(suspicions: list[Suspicion], most: Limits) -> int:
    """The score. What others do weighs all together one point too little to have somebody held."""
    by_others = sum(suspicion.points for suspicion in suspicions if suspicion.code in BY_OTHERS)
    its_own = sum(suspicion.points for suspicion in suspicions if suspicion.code not in BY_OTHERS)
    return min(its_own + min(by_others, most["score_held_after_confirming"] - 1), HIGHEST)


def needs_a_person(suspicions: list[Suspicion], most: Limits) -> bool:
    """Whether somebody looks before it is published."""
    return total(suspicions, most) >= most["score_held_after_confirming"] or any(
        suspicion.code in FOR_A_PERSON for suspicion in suspicions
    )


def needs_a_person_before_mail(suspicions: list[Suspicion], most: Limits) -> bool:
    """Whether somebody looks before its owner gets any mail."""
    return total(suspicions, most) >= most["score_held_before_mail"]

"""How words are found inside texts: by the trigrams of PostgreSQL, and by looking at each text on SQLite."""

import functools
import operator
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.lookups import Contains

# Letters that Arabic, Persian, Pashto and Urdu keyboards write differently, and what is not a letter at all
KEYS, PLAIN = "يىكةہھۃـ", "ییکهههه"
SHORTEST = 3  # letters: shorter words have no trigram, and would mean reading every text


class Plain(Func):
    """A text by its letters alone: in small ones, whichever keyboard wrote them. Accents stay.

    The indexes of this app are on this very expression.
    """

    function = "TRANSLATE"
    template = f"%(function)s(LOWER(%(expressions)s), '{KEYS}', '{PLAIN}')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="LOWER", template="%(function)s(%(expressions)s)")


def wanted(words: str) -> list[str]:
    """The words that can be looked for: those of three letters and more."""
    return [word for word in words.split() if len(word) >= SHORTEST]


def holds(field: str, words: str) -> Q:
    """That all words of three letters and more stand in a text, in any order; of none without such a word."""
    found = [Q(Contains(Plain(F(field)), Plain(Value(word)))) for word in wanted(words)]
    return functools.reduce(operator.and_, found) if found else Q(pk__in=[])


def nearly(rows: QuerySet[Any], field: str, words: str) -> QuerySet[Any]:
    """The rows whose text is spelt nearly so, the nearest first; none on SQLite, which knows no trigrams."""
    if connection.vendor != "postgresql" or not wanted(words):
        return rows.none()
    sought = Plain(Value(words))
    return (
        rows.alias(plain=Plain(F(field)))
        .filter(plain__trigram_word_similar=sought)
        .order_by(TrigramWordSimilarity(sought, Plain(F(field))).desc(), "pk")  # type: ignore[arg-type]
    )

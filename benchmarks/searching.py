"""What a search at the desk costs among many signatures, to what it costs among few."""

import time
from statistics import median

from django.db import connection

from accounts.models import User
from benchmarks.figures import Figure
from deliveries.demo import loading
from letters.models import Letter, Role
from search import searching
from signatories.models import Listing, Signature

FEW = 10_000
TRIES = 15
COPIED = 100  # signatures that the others are made of
NOBODY = ("Quentyvar Zholubek", "nobody@nowhere.example")
SYLLABLES = "ka ru mi so te na lo bi du fe gha zar kho wen jol pra sti ume ivo eld"


def cost(letter: Letter, *, many: int) -> Figure:
    """The time of ten searches by an owner among `many` signatures, to the same among FEW.

    Names are made of syllables, so that each trigram stands in many of them.
    """
    by = User.objects.create_user("searcher@desk.example")
    Role.objects.create(letter=letter, user=by, kind=Role.Kind.OWNER)
    loading.load(letter, count=1000)
    among = []
    for count in (FEW, many):
        _fill(letter, count)
        among.append(_measure(by))
    few, lot = among
    slowest = max(few, key=lambda words: lot[words] / few[words])
    return Figure(
        f"Search, among {many:,} signatures, to among {FEW:,}",
        sum(lot.values()) / sum(few.values()),
        1.5,
        f"{sum(lot.values()) * 1000:.0f} to {sum(few.values()) * 1000:.0f} ms for {len(few)} searches;"
        f" most for “{slowest}”, {lot[slowest] / few[slowest]:.1f} x",
    )


def _measure(by: User) -> dict[str, float]:
    """The median time of each kind of search, in seconds."""
    found = Listing.objects.order_by("pk")[500]
    given, _, family = found.name.partition(" ")
    person = Signature.objects.exclude(pk__in=Listing.objects.values("signature"))[0]
    searches = [
        found.name, given, family[:4], "kar", "karumi solo", f"{family}x",
        str(person.name), str(person.email), *NOBODY,
    ]  # fmt: skip
    return {words: median(_time(words, by) for _ in range(TRIES)) for words in searches}


def _time(words: str, by: User) -> float:
    began = time.perf_counter()
    searching.search(words, by=by)
    return time.perf_counter() - began


def _fill(letter: Letter, count: int) -> None:
    """Copy signatures and listings until there are `count` of each, every one of another signer."""
    syllable = f"(string_to_array('{SYLLABLES}', ' '))[1 + floor(random() * 20)::int]"
    name = f"initcap({' || '.join([syllable] * 3)}) || ' ' || initcap({' || '.join([syllable] * 3)})"
    missing = count - Signature.objects.count()
    anew = {
        "public_id": "left(md5(random()::text), 16)",
        "address": "md5(random()::text) || md5(random()::text)",
        "name_key": "md5(random()::text) || md5(random()::text)",
    }
    named = letter.signatures.filter(kind="person", listing__isnull=False)
    alike = list(named.order_by("pk").values_list("pk", flat=True)[:COPIED])
    last = Signature.objects.order_by("-pk").values_list("pk", flat=True)[0]
    these = f"id IN ({', '.join(map(str, alike))})"
    _copy(Signature, anew, these, f"generate_series(1, {missing // COPIED})")
    anew = {
        "signature_id": "fresh.id",
        "public_id": "left(md5(random()::text), 16)",
        "position": "md5(random()::text) || fresh.id",
        "name": name,
    }
    fresh = f"(SELECT id FROM {Signature._meta.db_table} WHERE id > {last}) AS fresh"
    _copy(Listing, anew, f"signature_id = {alike[0]}", fresh)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy(model: type[Signature] | type[Listing], anew: dict[str, str], like: str, times: str) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(anew.get(column, f"one.{column}") for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {values} FROM (SELECT * FROM {table} WHERE {like}) AS one, {times}"
        )

"""A batch of the outbox is scored together, and nobody's score, hold or mail is another for that."""

import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from outbox import claiming, draining
from outbox.models import Message
from scrutiny import challenging, limits
from scrutiny.clues import Clues
from scrutiny.models import Gathering, Limit, SpentChallenge
from signatories import confirming
from signatories.judging import comparing, suspecting
from signatories.models import Decision, Signature
from tests import cast, solving

pytestmark = pytest.mark.django_db

LOWERED = {
    "same_shapes_in_1_hour": 3,
    "browsers_looked_at": 5,
    "one_browser_in_100": 30,
    "unconfirmed_from_network": 2,
    "unconfirmed_in_100": 50,
    "score_held_before_mail": 35,
}
MOST_QUERIES = 9  # whether for one attempt or for fifty


@pytest.fixture
def lowered():
    """So that a few dozen attempts make crowds."""
    Limit.objects.bulk_create(Limit(name=name, value=value) for name, value in LOWERED.items())


def mark(number):
    return f"{number:064x}"


class Visitors:
    """Who comes at random, and often with something that another one has, too."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.numbers = itertools.count(100)
        self.addresses = set()
        self.letters = [cast.clean_rivers(), cast.quiet_streets()]
        self.works = [
            solving.solve(challenging.challenge(letter.slug, network=None)) for letter in self.letters * 3
        ]

    def clues(self, *, has_work):
        return Clues(
            network=self.dice.choice([mark(1), mark(1), mark(2), None]),
            agent=self.dice.choice(["chrome", "safari", "curl"]),
            has_languages=self.dice.random() < 0.8,
            has_script=self.dice.random() < 0.6,
            work=self.dice.choice([*self.works, ""]) if has_work else "",
            is_trapped=self.dice.random() < 0.1,
            is_at_home=self.dice.random() < 0.1,
        )

    def email(self):
        name = self.dice.choice(["ada", "bela.horvat", "promo{}", "x{}a4b5c"]).format(next(self.numbers))
        host = self.dice.choice(["gmail.com", "okoye.example", "post.okoye.example", "mailinator.com"])
        return f"{name}@{host}"

    def come(self, number):
        for _ in range(number):
            kind = self.dice.choice(["person", "person", "person", "organisation"])
            email = self.email()
            clues = self.clues(has_work=email not in self.addresses)  # nobody does work for several at once
            self.addresses.add(email)
            cast.attempt(
                self.dice.choice(self.letters),
                kind=kind,
                organisation="Mill Society" if kind == "organisation" else "",
                name=self.dice.choice(["Ada Okoye", "Bela Horvát", "Ada 3"]),
                email=email,
                clues=clues,
            )

    def who_came_before(self, number):
        """Some have confirmed, some never answered, one half came before the hour."""
        self.come(number)
        now = timezone.now()
        for row in Signature.objects.filter(kind="person").order_by("pk"):
            fate = self.dice.choice(["confirmed", "silent", "fresh"])
            if fate == "confirmed" and not Signature.objects.confirmed().filter(address=row.address).exists():
                row = confirming.confirm(row)
            # who signs again gets mail again, which a batch scored beforehand has not seen leave
            is_settled = row.confirmed_at or row.email.startswith(("promo", "x"))
            row.mailed_at = now - timedelta(hours=2) if is_settled and fate != "fresh" else None
            row.created_at = now - timedelta(minutes=self.dice.choice([10, 59, 61, 130]))
            row.save(update_fields=["mailed_at", "created_at"])
        Message.objects.all().delete()

    def gather(self, chidi):
        now, owner = timezone.now(), type(chidi).objects.create(email="dora@desk.example", is_staff=True)
        span = {"begins_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
        who = {"asked_by": chidi, "approved_by": owner}
        Gathering.objects.create(letter=self.letters[1], what="Congress in the town hall", **span, **who)


def undone(do):
    """What `do` answers, with nothing left behind."""
    with transaction.atomic():
        answer = do()
        transaction.set_rollback(True)
    return answer


def outcome():
    """Everything that scoring and sending have decided."""
    messages = Message.objects.order_by("pk").values_list("state", "lane", "faults", "last_reply")
    rows = Signature.objects.order_by("pk").values_list("pk", "score", "suspicions", "clues")
    moments = Signature.objects.order_by("pk").values_list("held_at", "mailed_at", "scored_at")
    return {
        "rows": list(rows),
        "moments": [tuple(moment is not None for moment in row) for row in moments],
        "holds": list(Decision.objects.order_by("signature", "pk").values_list("signature", "reason")),
        "messages": [(*row, reply.partition(" as ")[0]) for *row, reply in messages],
        "spent": list(SpentChallenge.objects.order_by("pk").values_list("pk", "attempt")),
    }


@pytest.mark.parametrize("seed", range(6))
def test_whoever_comes_fifty_at_once_are_judged_like_one_at_a_time(seed, lowered, mails, monkeypatch):
    visitors = Visitors(seed)
    visitors.who_came_before(45)
    visitors.gather(cast.chidi(visitors.letters[1]))
    visitors.come(35)
    knows_of_many_what_it_knows_of_each()
    ends_in_batches_of_fifty_like_in_batches_of_one(mails, monkeypatch)


def knows_of_many_what_it_knows_of_each():
    rows = list(Signature.objects.filter(scored_at=None).select_related("letter").order_by("pk"))
    most = limits.limits(*limits.SCORE)

    def known(signatures):
        return list(comparing.facts(signatures, most=most, asks_dns=False))

    together = undone(lambda: known(rows))
    rows = [cast.fresh(row) for row in rows]
    assert together == undone(lambda: [fact for row in rows for fact in known([row])])
    assert len({fact.same_names for fact in together}) > 1 and any(fact.same_shapes for fact in together)
    assert any(fact.has_work for fact in together) and any(fact.tried_from_network for fact in together)


def ends_in_batches_of_fifty_like_in_batches_of_one(mails, monkeypatch):
    def drained():
        mails()
        return outcome()

    together = undone(drained)
    monkeypatch.setattr(claiming, "BATCH", 1)
    alone = undone(drained)
    assert together == alone
    assert any(held for held, _, _ in alone["moments"]) and any(mailed for _, mailed, _ in alone["moments"])


def test_scoring_twenty_takes_as_few_questions_as_scoring_one(django_assert_max_num_queries):
    letters = [cast.clean_rivers(), cast.quiet_streets()]
    for number in range(21):
        work = solving.solve(challenging.challenge(letters[number % 2].slug, network=None))
        clues = Clues(network=mark(number), agent="chrome", has_script=True, work=work)
        cast.attempt(letters[number % 2], name=f"Ada {'abcdefghijklmnopqrstu'[number]}okoye",
                     email=f"ada-{number}x@okoye{number}.example", clues=clues)  # fmt: skip
    one, *twenty = claiming.claim()
    draining.prepare([one])
    with django_assert_max_num_queries(MOST_QUERIES):
        draining.prepare(twenty)
    assert set(Signature.objects.values_list("score", flat=True)) == {0}


def test_a_slow_dns_keeps_a_batch_waiting_for_a_moment_only(mails, monkeypatch):
    letter = cast.clean_rivers()
    for name in ("ada", "bela", "chidi"):
        cast.attempt(letter, email=f"{name}@okoye.example")
    batch = claiming.claim()
    monkeypatch.setattr(suspecting, "LONGEST", -1.0)  # as if a domain had taken so long
    draining.prepare(batch)
    assert Signature.objects.filter(scored_at=None).count() == 2
    Message.objects.release(batch[0].lease)
    assert len(mails()) == 3
    assert not Signature.objects.filter(scored_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_who_get_the_same_work_one_believes_it():
    letter = cast.clean_rivers()
    works = [solving.solve(challenging.challenge(letter.slug, network=None)) for _ in range(20)]
    batches = []
    for start, handed_in in ((0, works), (100, works[::-1])):
        batches.append(
            [
                cast.attempt(letter, email=f"ada{chr(97 + start // 100)}{chr(97 + number)}@okoye.example",
                             clues=Clues(has_script=True, work=work))
                for number, work in enumerate(handed_in)
            ]
        )  # fmt: skip
    gate = threading.Barrier(2)

    def score(batch):
        gate.wait()
        suspecting.score(batch)
        connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(score, batches))
    codes = [
        {row["code"] for row in found} for found in Signature.objects.values_list("suspicions", flat=True)
    ]
    assert codes.count({"no_work"}) == codes.count(set()) == 20

"""Five people sign and confirm while something dies every second: what was promised holds afterwards.

A failure names its seed: FAULT_SEED=<number> kills in the same order again.
"""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import threading
import time

import pytest
from django.db import connection

from outbox.models import Message, State
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests.faults.harness import clock_of, leases_run_out, settles, waits_are_over, worker_alone
from tests.faults.invariants import broken
from tests.faults.website import NO_ANSWER, confirm_path
from vault.indexing import address_index

pytestmark = [pytest.mark.once, pytest.mark.processes]
VISITORS = 5
ROUNDS = 50
SECONDS = 18  # no round begins later


def children(pid):
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return sorted(int(child) for child, parent in pairs if int(parent) == pid)


class Household:
    """Web server, worker and clock, which a supervisor starts again whenever they end."""

    def __init__(self, site, dice, *, redis_url, log):
        self.site, self.dice, self.redis_url, self.log = site, dice, redis_url, log
        self.life = contextlib.ExitStack()
        self.killed = []
        self.hire()
        self.wind()

    def hire(self):
        self.worker = self.life.enter_context(worker_alone(self.log, redis_url=self.redis_url))

    def wind(self):
        self.clock = self.life.enter_context(clock_of(self.log, redis_url=self.redis_url))

    def rest(self):
        """Nothing is being sent: whatever is still claimed was claimed by a sender that is dead."""
        try:
            self.worker.stop()
        except subprocess.TimeoutExpired:
            self.worker.kill()

    def kill_something(self):
        victim = self.dice.choices(["web", "worker's child", "worker", "clock"], [4, 4, 1, 1])[0]
        self.killed.append(victim)
        if victim == "worker":
            self.worker.kill()
            self.hire()
            return
        if victim == "clock":
            self.clock.kill()
            self.wind()
            return
        parent = self.site.process if victim == "web" else self.worker
        if found := children(parent.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.dice.choice(found), signal.SIGKILL)
        if self.site.has_ended():
            self.site.recover()


def visit(site, number, dice, over):
    """Sign again and again under new addresses, as long as it takes each time; confirm most of them."""
    for turn in itertools.takewhile(lambda _: not over.is_set(), itertools.count()):
        # as different as people are: what looks like a crowd of machines waits for a moderator
        word = "".join("abcdefghij"[int(digit)] for digit in f"{number}{turn}")
        email, name = f"ada@{word}.example", f"Ada Okoye-{word.title()}"
        while not over.is_set() and not took(lambda: site.sign(email, name=name).status == 303):  # noqa: B023
            time.sleep(0.1)
        if dice.random() < 0.7:
            took(lambda: confirm(site, email))  # noqa: B023
        time.sleep(0.05)
    connection.close()


def took(act):
    try:
        return act()
    except NO_ANSWER:
        return False


def confirm(site, email):
    """Press the button of the newest attempt of an address."""
    attempts = Signature.objects.filter(address=address_index(email)).order_by("-pk")
    return bool(attempts) and site.press(confirm_path(attempts[0]), "confirm").status == 200


def all_is_done():
    waiting = Message.objects.exclude(state__in=[State.SENT, State.VOID])
    return not waiting.exists() and not Signature.objects.unsettled().exists()


def what_waits():
    """What of the mail and of the roll is not done, for the one who reads a failure."""
    mail = Message.objects.exclude(state__in=[State.SENT, State.VOID])
    return list(mail.values("kind", "state", "attempts", "next_at", "lease_until")), list(
        Signature.objects.unsettled().values("pk", "unsettled_at", "confirmed_at", "enrolled_at")
    )


def test_f29_whatever_dies_at_whatever_moment_nothing_that_was_promised_is_broken(
    site, letter, postbox, broker, log
):
    seed = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
    dice, over = random.Random(seed), threading.Event()
    household = Household(site, dice, redis_url=broker, log=log)
    with household.life:
        visitors = [
            threading.Thread(target=visit, args=[site, number, random.Random(seed + number), over])
            for number in range(VISITORS)
        ]
        for visitor in visitors:
            visitor.start()
        end = time.monotonic() + SECONDS
        while len(household.killed) < ROUNDS and time.monotonic() < end:
            time.sleep(dice.uniform(0.1, 1.0))
            household.kill_something()
        over.set()
        for visitor in visitors:
            visitor.join(timeout=60)
        site.recover()
        everybody = set(site.journal)
        assert all(confirm(site, email) for email in everybody)
        household.rest()
        waits_are_over()
        leases_run_out()
        household.hire()
        assert settles(all_is_done), (seed, what_waits(), log.read_text()[-2000:])
    assert enrolling.tally(letter).signatures == len(everybody), (seed, household.killed)
    assert broken(postbox, journal=everybody, typed=["Ada Okoye"]) == [], (seed, household.killed)
    assert len(household.killed) > 3

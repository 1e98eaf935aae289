"""Redis is away before anybody's network could be told: nobody is refused or lost, their mail is slow."""

import pytest
from django.db import connection

from outbox.models import Alert, Lane, Message, State
from signatories.models import Signature
from tests import cast, servers
from tests.faults.harness import sender, settles
from tests.faults.invariants import broken
from tests.faults.website import website

pytestmark = [pytest.mark.once, pytest.mark.processes]
BROWSER = {"js": "1"}


def test_f05_without_redis_the_slow_lane_takes_all_and_one_alert_says_so(letter, postbox, log, tmp_path):
    url, stop = servers.redis_server(tmp_path)
    with website(tmp_path, REDIS_URL=url) as site:
        stop()
        assert site.sign(cast.ADA, **BROWSER).status == 303
        assert site.sign("bela@gmail.com", **BROWSER).status == 303
        connection.close()
        assert set(Signature.objects.values_list("network", flat=True)) == {None}
        with sender(log) as process:
            assert postbox.wait_for(2), process.output
            assert settles(lambda: Message.objects.filter(state=State.SENT).count() == 2), process.output
            assert process.stop() == 0, process.output
    assert postbox.recipients == [cast.ADA, "bela@gmail.com"]
    assert set(Message.objects.values_list("lane", flat=True)) == {Lane.SLOW}
    assert Alert.objects.open().get().kind == "networks unknown"
    assert process.output.count("alert: networks unknown") == 1
    assert broken(postbox, journal=site.journal) == []

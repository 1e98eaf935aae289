"""Redis stops while people sign: none of them notices, and mail leaves without it or once it is back."""

import pytest

from tests import cast, servers
from tests.faults.harness import sender, settles, worker
from tests.faults.invariants import broken
from tests.faults.website import website

pytestmark = [pytest.mark.once, pytest.mark.processes]
BY_DATABASE = 15  # seconds within which mail leaves without Redis
AFTER_RETURN = 60  # and with Celery, once Redis is back


class Redis:
    """A broker that goes away and comes back at its address, empty."""

    def __init__(self, directory):
        self.directory, self.port = directory, None
        self.start()

    def start(self):
        self.url, self.stop = servers.redis_server(self.directory, port=self.port)
        self.port = int(self.url.rpartition(":")[2])


@pytest.fixture
def redis(tmp_path):
    redis = Redis(tmp_path)
    yield redis
    redis.stop()


def test_f03_without_redis_people_sign_and_mail_leaves_by_the_database(letter, postbox, redis, log, tmp_path):
    with website(tmp_path, REDIS_URL=redis.url) as site, sender(log) as process:
        assert site.sign(cast.BELA).status == 303
        assert postbox.wait_for(1), process.output
        redis.stop()
        assert site.sign(cast.ADA).status == 303
        assert postbox.wait_for(2, seconds=BY_DATABASE), process.output
        assert [site.read(path).status for path in ("/", "/letters/clean-rivers/")] == [200, 200]
        assert process.stop() == 0, process.output
    assert postbox.recipients == [cast.BELA, cast.ADA]
    assert broken(postbox, journal=site.journal, typed=["Ada Okoye"]) == []


def test_f03_when_redis_is_back_mail_goes_on_by_celery(letter, postbox, redis, log, post):
    with worker(log, redis_url=redis.url) as process:
        post()
        assert postbox.wait_for(1), process.output
        redis.stop()
        post(3)
        assert settles(lambda: "ConnectionError" in process.output or "Connection" in process.output)
        redis.start()
        assert postbox.wait_for(4, seconds=AFTER_RETURN), process.output
    assert broken(postbox) == []

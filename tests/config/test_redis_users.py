"""docs/redis.acl at a real Redis: broker and cache work as two users that cannot reach each other's keys."""

import json
import re
import shutil

import pytest
import redis
from django.core.cache.backends.redis import RedisCache

from config.celery import app
from tests import servers
from tests.faults.harness import running, settles
from tests.house.places import ROOT

pytestmark = [pytest.mark.once, pytest.mark.processes]

PASSWORDS = {"PASSWORD-OF-THE-BROKER": "one", "PASSWORD-OF-THE-CACHE": "two"}
REFUSED = (redis.exceptions.NoPermissionError, redis.exceptions.AuthenticationError)


@pytest.fixture
def port(tmp_path):
    """Where a Redis with the users of docs/redis.acl listens."""
    users = (ROOT / "docs" / "redis.acl").read_text()
    for name, password in PASSWORDS.items():
        assert name in users
        users = users.replace(name, password)
    (tmp_path / "users.acl").write_text(users)
    program = shutil.which("redis-server") or shutil.which("valkey-server") or servers._embedded_valkey()
    port = servers.free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path),
               "--aclfile", str(tmp_path / "users.acl")]  # fmt: skip
    process = servers._start(command, log=tmp_path / "redis.log")
    with redis.Redis(port=port, username="cache", password="two") as client:
        servers._wait(client.ping, process, tmp_path / "redis.log")
    yield port
    servers._stop(process, servers.signal.SIGTERM)


@pytest.fixture
def broker(port):
    with redis.Redis(port=port, username="broker", password="one", db=0) as client:
        yield client


@pytest.fixture
def cache(port):
    with redis.Redis(port=port, username="cache", password="two", db=0) as client:
        yield client


def test_t19_nobody_comes_in_without_a_password(port):
    with redis.Redis(port=port) as nobody, pytest.raises(REFUSED):
        nobody.ping()


def test_t19_the_cache_cannot_queue_a_task_and_the_broker_cannot_rewrite_a_page(broker, cache):
    for key in ("celery", "deliveries", "unacked", "_kombu.binding.celery"):
        with pytest.raises(REFUSED):
            cache.lpush(key, "{}")
        with pytest.raises(REFUSED):
            cache.lrange(key, 0, -1)
    for key in ("undersigned:1:page", "anything"):
        with pytest.raises(REFUSED):
            broker.set(key, "{}")
        with pytest.raises(REFUSED):
            broker.get(key)


@pytest.mark.parametrize(
    "order", ["FLUSHALL", "FLUSHDB", "CONFIG GET dir", "KEYS *", "ACL LIST", "SHUTDOWN", "MONITOR",
              "CLIENT LIST", "REPLICAOF 127.0.0.1 1", "SAVE", "MODULE LIST"],
)  # fmt: skip
def test_t19_neither_may_give_orders_to_the_server(broker, cache, order):
    for client in (broker, cache):
        with pytest.raises(REFUSED):
            client.execute_command(*order.split())


def test_the_cache_does_its_work_as_its_user(port):
    options = {"serializer": "config.caching.JSONSerializer"}
    cache = RedisCache(
        f"redis://cache:two@127.0.0.1:{port}/1", {"KEY_PREFIX": "undersigned", "OPTIONS": options}
    )
    cache.set("page", {"body": "x"}, 5)
    assert cache.get("page") == {"body": "x"}
    assert cache.add("count", 1, 5) and cache.incr("count") == 2
    assert cache.touch("page", 9) and cache.has_key("page") and cache.delete("page")
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_its_work_as_its_user(port, tmp_path):
    url = f"redis://broker:one@127.0.0.1:{port}"
    [line] = re.findall(r"`(celery .* worker .*?)`", (ROOT / "README.md").read_text())
    command = ["-m", *line.split()]
    environ = {"REDIS_URL": url, "CACHE_URL": f"redis://cache:two@127.0.0.1:{port}/1"}
    with running(*command, log=tmp_path / "said", **environ) as process:
        with app.connection_for_write(url) as connection:
            for queue in ("celery", "deliveries"):
                app.send_task("outbox.drain", args=["too many"], queue=queue, connection=connection)
            app.send_task("outbox.drain", args=["later"], countdown=1, connection=connection)
        assert settles(lambda: process.output.count("raised unexpected") == 3), process.output
        with app.connection_for_read(url) as connection:
            channel = connection.default_channel
            channel.qos.restore_visible(num=10)  # what a lost worker left behind
            assert channel.client.llen("celery") == 0
        process.stop()
    assert "NoPermission" not in process.output
    assert all(json.loads(line) for line in process.output.splitlines() if line.startswith("{"))

"""A real worker at a real broker: what it runs, what it refuses, and what it writes about either."""

import contextlib
import json
import os
import pickle

import pytest
from kombu import Connection, Exchange, Queue
from kombu.serialization import register, unregister

from config.celery import app
from tests.faults.harness import broker, running, settles

pytestmark = [pytest.mark.once, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

CANARY = "canary-7f3@people.example"


class Trap:
    """Unpickling it makes a directory."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


@pytest.fixture
def redis_url(tmp_path):
    with broker(tmp_path) as url:
        yield url


@pytest.fixture
def worker(tmp_path, redis_url):
    command = [
        "-m",
        "celery",
        "--quiet",
        "--app",
        "config",
        "worker",
        "--queues",
        "celery",
        "--concurrency",
        "1",
    ]
    with running(*command, log=tmp_path / "said", REDIS_URL=redis_url) as process:
        yield process


@pytest.fixture
def send(redis_url):
    """Puts a message into the queue as somebody at the broker could."""

    def send(body, *, serializer="json", task="outbox.drain", content_type=None):
        queue = Queue("celery", Exchange("celery"), routing_key="celery")
        headers = {"lang": "py", "task": task, "id": "0", "root_id": "0", "parent_id": None, "group": None}
        with Connection(redis_url) as connection:
            connection.Producer(auto_declare=False).publish(
                body, exchange="celery", routing_key="celery", serializer=serializer, headers=headers,
                declare=[queue], content_type=content_type,
                content_encoding="binary" if content_type else None,
            )  # fmt: skip

    return send


def events(process):
    """What the worker has written, as events; a line that is none of JSON fails the test."""
    return [json.loads(line) for line in process.output.splitlines() if line.strip()]


def test_t19_a_pickled_task_is_refused_and_the_worker_goes_on(worker, send, tmp_path):
    trap, embed = tmp_path / "sprung", {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    with contextlib.suppress(KeyError):
        unregister("pickle")
    register("pickle", pickle.dumps, pickle.loads, "application/x-python-serialize", "binary")
    send([[Trap(trap), CANARY], {}, embed], serializer="pickle")
    send(pickle.dumps(Trap(trap)), serializer=None, content_type="application/x-python-serialize")
    send(pickle.dumps(Trap(trap)), serializer=None, content_type="application/json")
    assert settles(lambda: worker.output.count("celery.worker.consumer") >= 3), worker.output
    assert worker.output.count('"kombu.exceptions.ContentDisallowed"') == 2
    send([[CANARY], {}, embed])  # a task that exists, with an argument it does not take
    assert settles(lambda: "raised unexpected" in worker.output), worker.output
    assert not trap.exists()
    pickle.loads(pickle.dumps(Trap(trap)))
    assert trap.exists(), "the trap itself works"


def test_t20_what_a_worker_says_of_faults_is_json_and_names_nobody(worker, send):
    embed = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    send([[], {CANARY: CANARY}, embed])
    send([[CANARY], {}, embed], task="no.such.task")
    send(CANARY.encode(), content_type="text/plain", serializer=None)
    assert settles(lambda: "unregistered" in worker.output), worker.output
    assert settles(lambda: "raised unexpected" in worker.output), worker.output
    assert "canary" not in worker.output
    faults = [fault for event in events(worker) for fault in event.get("fault", [])]
    assert "builtins.TypeError" in {fault["kind"] for fault in faults}


def test_t19_workers_take_json_from_the_queue_and_orders_from_nobody():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == app.conf.result_serializer == "json"
    assert app.conf.worker_enable_remote_control is False
    assert app.conf.task_ignore_result is True

"""Is the process up, and can it work? For load balancers and operators; nothing personal is said."""

import logging
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outbox import clock
from outbox.models import Channel, Lane, Message

logger = logging.getLogger(__name__)

FINE = "ok"
LONGEST_WAIT = timedelta(minutes=5)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else, so that no restart follows from a database that is away."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything the site leans on works, else 503; each check says in words what is wrong."""
    checks = {name: _answer(check) for name, check in CHECKS.items()}
    ok = all(answer == FINE for answer in checks.values())
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


def _answer(check: Callable[[], str]) -> str:
    try:
        return check()
    except (Error, redis.RedisError, OSError) as error:
        logger.warning("%s failed: %s", check.__name__, type(error).__name__)
        return "does not answer"


def database() -> str:
    """Whether the database answers a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return FINE


def broker() -> str:
    """Whether the broker, which tells workers that something waits, answers."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as server:
        server.ping()
    return FINE


def kept() -> str:
    """Whether the cache, which may be another Redis, takes a value and gives it back."""
    cache.set("readyz", 1, timeout=10)
    return FINE if cache.get("readyz") == 1 else "forgets what it is given"


def migrations() -> str:
    """Whether the database has the tables that this code expects."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied: run manage.py migrate" if waiting else FINE


def mail() -> str:
    """Whether mail leaves soon after it may. What waits in a slower lane waits by design, and is no fault."""
    waiting = Message.objects.in_lane(Lane.FAST).queue_age(clock.now())
    minutes = int(waiting.total_seconds() // 60)
    return FINE if waiting < LONGEST_WAIT else f"the oldest mail is {minutes} minutes late"


def channels() -> str:
    """Whether every way out is open."""
    return "a channel is paused" if Channel.objects.is_paused() else FINE


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "broker": broker,
    "cache": kept,
    "migrations": migrations,
    "mail": mail,
    "channels": channels,
}

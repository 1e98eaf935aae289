import pytest
from django.core.checks import run_checks

from accounts import checks as of_accounts
from config.checks import redis_has_a_password
from outbox import building
from outbox.checks import mail_can_be_built


@pytest.fixture
def warned(settings):
    """The variables that are complained of when broker and cache are there."""

    def ask(redis_url, cache_url=""):
        settings.REDIS_URL = redis_url
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": cache_url or redis_url}}
        return [warning.msg.split()[0] for warning in redis_has_a_password()]

    return ask


@pytest.mark.parametrize(
    "url", ["redis://redis.example:6379", "redis://10.0.0.5:6379/0", "rediss://user@redis.example", "redis://[2001:db8::1]"]
)  # fmt: skip
def test_t19_a_redis_on_the_network_without_a_password_is_complained_of(warned, url):
    assert warned(url) == ["REDIS_URL", "CACHE_URL"]
    assert warned("redis://u:p@redis.example", url) == ["CACHE_URL"]


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:6379", "redis://localhost", "redis://[::1]:6379", "unix:///run/redis.sock",
            "redis+socket:///run/redis.sock", "redis://:password@redis.example", "rediss://u:p@10.0.0.5"],
)  # fmt: skip
def test_a_redis_of_this_machine_or_with_a_password_is_none(warned, url):
    assert warned(url) == []


def test_mail_that_nobody_can_build_is_complained_of(monkeypatch):
    assert mail_can_be_built() == []

    def broken(*modules):
        raise ImportError("no such paper")

    building.look_for_builders.cache_clear()
    monkeypatch.setattr(building, "autodiscover_modules", broken)
    [error] = mail_can_be_built()
    assert error.id == "outbox.E001" and "no such paper" in error.msg
    monkeypatch.undo()
    assert mail_can_be_built() == []


def test_asvs52_the_checks_are_asked_before_a_start(settings):
    settings.DEBUG = False
    settings.REDIS_URL = "redis://redis.example"
    settings.CACHES = {"default": {"BACKEND": of_accounts.FORGETFUL.copy().pop()}}
    found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert {"config.W001", "accounts.E001"} <= found

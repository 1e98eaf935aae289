from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import health
from outbox.models import Channel, Lane, Message
from tests import servers


def test_the_process_is_up_without_asking_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_everything_answers(client):
    response = client.get("/readyz")
    assert response.json()["checks"] == dict.fromkeys(response.json()["checks"], "ok")
    assert response.status_code == 200


@pytest.mark.django_db
class TestNotReady:
    def what_fails(self, client):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["ok"] is False
        return {name: words for name, words in answer.json()["checks"].items() if words != "ok"}

    def test_mail_that_waits_too_long_is_named(self, client):
        late = timezone.now() - timedelta(minutes=7, seconds=10)
        Message.objects.create(kind="attempt", subject=1, next_at=late)
        assert self.what_fails(client) == {"mail": "the oldest mail is 7 minutes late"}

    def test_mail_that_may_only_leave_later_is_not_late(self, client):
        Message.objects.create(kind="attempt", subject=1, next_at=timezone.now() + timedelta(minutes=7))
        assert client.get("/readyz").status_code == 200

    def test_mail_that_waits_in_a_slower_lane_by_design_is_not_late(self, client):
        late = timezone.now() - timedelta(hours=7)
        Message.objects.create(kind="attempt", subject=1, next_at=late, lane=Lane.SLOW)
        Message.objects.create(kind="attempt", subject=2, next_at=late, lane=Lane.BRAKED)
        assert client.get("/readyz").status_code == 200

    def test_a_paused_channel_is_named(self, client):
        Channel.objects.create(
            name="smtp", paused_at=timezone.now(), reason="the relay said: 550 ada@harbour.example"
        )
        assert self.what_fails(client) == {"channels": "a channel is paused"}

    def test_a_migration_that_was_forgotten_is_named(self, client):
        MigrationRecorder.Migration.objects.filter(app="mfa").delete()
        assert "manage.py migrate" in self.what_fails(client)["migrations"]

    def test_a_broker_that_is_away_is_named(self, client, settings):
        settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
        assert self.what_fails(client) == {"broker": "does not answer"}

    def test_a_cache_that_is_away_is_named(self, client, monkeypatch):
        away = caches.create_connection("default")
        away._cache._servers = [f"redis://127.0.0.1:{servers.free_port()}/1"]
        monkeypatch.setattr(health, "cache", away)
        assert self.what_fails(client) == {"cache": "does not answer"}

"""Workers, senders and web servers start by loading the site: what is rarely needed waits until then."""

import os
import subprocess
import sys

import pytest

from tests.house.places import ROOT

pytestmark = pytest.mark.once

# Together a quarter of the time that it takes to start
RARELY_NEEDED = {"pyhanko", "aiohttp", "requests", "anymail.webhooks", "sentry_sdk"}


def test_what_only_papers_reports_or_providers_need_is_not_loaded_at_the_start():
    ask = "import django, sys; django.setup(); import deliveries.emails, config.urls; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    loaded = set(told.stdout.split())
    assert "deliveries.papers.stamping" in loaded
    assert loaded & RARELY_NEEDED == set()

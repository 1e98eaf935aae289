"""The Celery app, its queues, and one table of everything that runs on a clock."""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("undersigned")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_routes = {"deliveries.*": {"queue": "deliveries"}, "exports.*": {"queue": "deliveries"}}
app.conf.beat_schedule = {
    "mail that waits": {"task": "outbox.drain", "schedule": 2.0, "options": {"expires": 10}},
    "mail that never left": {"task": "outbox.forget", "schedule": 3600.0},
    "alerts that are over": {"task": "outbox.end_alerts", "schedule": 3600.0},
    "mail that does harm": {"task": "signatories.brake", "schedule": 60.0, "options": {"expires": 60}},
    "how long mail takes": {"task": "outbox.forecast", "schedule": 60.0, "options": {"expires": 60}},
    "signatures to enrol": {"task": "signatories.enrol", "schedule": 2.0, "options": {"expires": 10}},
    "records of organisations": {
        "task": "organisations.check",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "badges that others gave": {"task": "signatories.recheck", "schedule": 60.0, "options": {"expires": 60}},
    "numbers of every letter": {"task": "signatories.reckon", "schedule": 60.0, "options": {"expires": 60}},
    "whether overviews are right": {"task": "signatories.recount", "schedule": 86400.0},
    "updates that are approved": {"task": "updates.spread", "schedule": 15.0, "options": {"expires": 15}},
    "answers that are published": {"task": "answers.spread", "schedule": 15.0, "options": {"expires": 15}},
    "answers that were declined": {"task": "answers.forget", "schedule": 86400.0},
    "crowds of machines": {"task": "signatories.sweep", "schedule": 900.0, "options": {"expires": 600}},
    "how often machines are wrong about people": {"task": "signatories.review", "schedule": 21600.0},
    "signers who do not answer": {"task": "signatories.end_questions", "schedule": 3600.0},
    "whom somebody looks at again": {"task": "signatories.draw_second_looks", "schedule": 21600.0},
    "what waits, in the morning": {"task": "signatories.tell_what_waits", "schedule": 3600.0},
    "personal data whose time is over": {"task": "signatories.forget", "schedule": 3600.0},
    "clues of yesterday": {"task": "signatories.forget_clues", "schedule": 3600.0},
    "challenges that nobody can use again": {"task": "scrutiny.forget", "schedule": 3600.0},
    "how much is kept": {
        "task": "signatories.count_holdings",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "bulk invalidations that are under way": {
        "task": "invalidations.sweep",
        "schedule": 15.0,
        "options": {"expires": 60},
    },
    "by what fakes were looked for": {"task": "invalidations.forget", "schedule": 86400.0},
    "merges that can be undone no more": {"task": "merges.forget", "schedule": 3600.0},
    "invitations whose time is over": {"task": "invitations.forget", "schedule": 3600.0},
    "spaces that an invitation opened": {
        "task": "spaces.confirm_approved",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "accounts of nobody's speakers": {"task": "spaces.forget", "schedule": 3600.0},
    "founders that are announced": {
        "task": "invitations.settle",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "letters that were carried to everyone": {"task": "deliveries.retain", "schedule": 3600.0},
    "lines of the trail that no link holds": {
        "task": "accounts.chain",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "who did what, for auditors": {"task": "letters.mail_head", "schedule": 86400.0},
    "lines of the trail after two years": {"task": "accounts.forget", "schedule": 86400.0},
    "evidence before a delivery": {"task": "deliveries.recheck_due", "schedule": 3600.0},
    "numbers that letters reach": {"task": "deliveries.mark", "schedule": 60.0, "options": {"expires": 60}},
    "deliveries that wait": {"task": "deliveries.sweep", "schedule": 15.0, "options": {"expires": 60}},
    "what comes back": {"task": "deliveries.read_returned", "schedule": 60.0, "options": {"expires": 60}},
    "lists to build, and to destroy": {"task": "exports.sweep", "schedule": 15.0, "options": {"expires": 60}},
}


@signals.setup_logging.connect
def log_like_the_rest(**more: Any) -> None:
    """Celery sets up no logging of its own where somebody listens here; Django's (config/logs.py) stays."""

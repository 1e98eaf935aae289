"""The site's own settings as on a server; beside its pages stand the views it is compared with."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = Path(os.environ["UNDERSIGNED_TEST_RUN"]) / "static"
MAIL_DOMAINS_LOOKED_UP = False

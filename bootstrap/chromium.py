"""The browser of the stories: Debian's own Chromium, never one fetched by a test tool."""

import os
import shutil
import subprocess

from bootstrap.places import Stop

NAMES = ("chromium", "chromium-browser", "google-chrome")
SENTENCE = (
    "The browser stories need Chromium, and none is on the PATH. Install it as root with "
    "'apt-get install chromium' (Debian), then type the same command again."
)


def find() -> str | None:
    """The path of the browser that the stories drive, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> None:
    """Have a Chromium, installing it where we may. Raises Stop with how to install it."""
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(SENTENCE)
    print("Installing Chromium with apt-get ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], install):
        result = subprocess.run(
            command, env=quiet, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    if not find():
        raise Stop(f"{SENTENCE} apt-get said:\n{result.stdout.strip()}")

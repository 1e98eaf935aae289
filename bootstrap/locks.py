"""Whether the lock files pin every requirement, by hash. Reads files only."""

import re
import sys

from bootstrap.places import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?==\S+")


def complaints(name: str) -> list[str]:
    """What is wrong with `name`.txt: a line without hash, or a requirement of `name`.in without a pin."""
    pins: dict[str, bool] = {}
    last = ""
    for line in (ROOT / f"{name}.txt").read_text().splitlines():
        if found := PIN.match(line):
            last = _normal(found[1])
            pins[last] = False
        elif "--hash=sha256:" in line and last:
            pins[last] = True
    wanted = [
        _normal(re.split(r"[\[~=<>; ]", line)[0])
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    found_wrong = [f"{name}.txt: {package} has no hash" for package, hashed in pins.items() if not hashed]
    return found_wrong + [
        f"{name}.in: {package} is not locked; run make lock" for package in wanted if package not in pins
    ]


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


if __name__ == "__main__":
    wrong = complaints("requirements") + complaints("requirements-dev")
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    sys.exit(bool(wrong))

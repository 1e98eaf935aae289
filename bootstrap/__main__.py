"""`python3 -m bootstrap COMMAND`: what the Makefile calls.

This file alone must be readable by any Python 3, so that an old one gets a sentence and not a traceback.
"""

import sys

NEEDED = (3, 11)

if sys.version_info[:2] < NEEDED:
    sys.stderr.write(
        "Undersigned needs Python {}.{} or newer, and this one is {}.{}. "
        "Install a newer one, or name it if you have it: make run PYTHON=python3.12\n".format(
            *(NEEDED + tuple(sys.version_info[:2]))
        )
    )
    sys.exit(1)

from bootstrap import commands  # noqa: E402  (an old Python could not even read it)

sys.exit(commands.main(sys.argv[1:]))

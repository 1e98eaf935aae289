"""What the site states of one delivery, for machines: sealed, and checked without a network."""

from typing import Any

from django.utils.translation import gettext as _

from deliveries.dossiers import editions
from deliveries.proofs.keys import CheckFailed, Finding, Keys
from letters import publishing
from signatories.enrolled import roll

FORMAT = "undersigned-certificate-1"


def sealed(told: dict[str, Any]) -> str:
    """The statement as canonical JSON under the site's Ed25519 key."""
    seal = {"certificate": editions.digest(told), "letter": told["letter"], "key": roll.public_key()}
    return editions.text(told | {"seal": seal | {"signature": roll.sign_head(seal)}})


def check(told: dict[str, Any], content: bytes, *, keys: Keys) -> Finding:
    """Check a statement against its seal. Raises CheckFailed, KeyError, TypeError, ValueError."""
    if publishing.canonical(told) != content:
        raise CheckFailed(_("It is not written as the site writes it."))
    seal = told["seal"]
    if seal["certificate"] != editions.digest(told) or seal["letter"] != told["letter"]:
        raise CheckFailed(_("It was altered: its hash is not the one that was sealed."))
    if not roll.is_signed(seal, key=seal["key"]):
        raise CheckFailed(_("Its seal is not signed by the key that it names."))
    checked = [
        _("The certificate’s statement fits its seal: it is the site’s own word, of %(at)s.")
        % {"at": told["issued_at"]}
    ]
    return Finding(checked, seal["key"], seal["key"] in keys.roll)

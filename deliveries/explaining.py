"""Why a release ended, in sentences: what is recorded of it are words of the program."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliveries.ending import NEVER, SERVED
from deliveries.models import Release, Step

FROZEN = gettext_lazy("What was frozen is not what stands in the manifest.")
MOMENT = gettext_lazy("When it leaves was changed.")
# By what changed in the manifest
CHANGED: dict[str, str | Promise] = {
    "frame": gettext_lazy("The letter’s texts, authors or logos, or its version, were changed."),
    "recipients": gettext_lazy("An office, or how it is reached, was changed."),
    "reply_to": gettext_lazy("The address that answers go to was changed."),
    "is_public": gettext_lazy("The letter is not public any more, or was archived."),
    "leaves_at": MOMENT,
    "in_office_hours": MOMENT,
    "letter": gettext_lazy("The letter’s address on this site was changed."),
    "format": FROZEN,
    "version": FROZEN,
    "part": FROZEN,
    "dossier": FROZEN,
    SERVED: gettext_lazy("One of the offices has got it another way."),
}
FAILED: dict[str, str | Promise] = {
    NEVER: gettext_lazy("Its number can be reached no more: nobody can sign this version any longer."),
    "FontsMissing": gettext_lazy("The fonts for the papers are not where the operator has said."),
    "LettersMissing": gettext_lazy("The paper’s fonts lack letters that the letter needs."),
}


def why(release: Release) -> list[str]:
    """Why it was made void or could not be prepared, each once; empty if neither happened."""
    if release.step == Step.VOID:
        found = [CHANGED.get(name, FROZEN) for name in release.reason.split(", ")]
        return [*dict.fromkeys(str(sentence) for sentence in found), _("Propose it again.")]
    if release.step != Step.FAILED:
        return []
    if release.reason in FAILED:
        return [str(FAILED[release.reason])]
    told = _(
        "It could not be prepared. The operator finds the reason in the log, under “release %(number)s”."
    )
    return [told % {"number": release.pk}]

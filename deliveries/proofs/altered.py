"""What is wrong with a paper, for its reader: the process that finds it knows no language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    "it does not bear one signature": gettext_lazy("The paper was altered: it does not bear one signature."),
    "its structure is broken": gettext_lazy("The paper was altered: its structure is broken."),
    "something was added after it was signed": gettext_lazy(
        "The paper was altered: something was added after it was signed."
    ),
    "its bytes are not those that were signed": gettext_lazy(
        "The paper was altered: its bytes are not those that were signed."
    ),
    "the signature itself was altered": gettext_lazy(
        "The paper was altered: the signature itself was altered."
    ),
}


def in_words(reason: str) -> str:
    """A sentence, in the active language, of what `papers.reading` says when it raises PaperAltered."""
    sentence = SENTENCES.get(reason)
    return str(sentence) if sentence else _("The paper was altered: %(reason)s.") % {"reason": reason}

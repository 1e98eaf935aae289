"""What we still hold about a letter's signers, in sentences: for its pages, and for the operator."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliveries import retaining
from letters.models import Letter
from letters.templatetags.pages import day
from signatories.holding import FEWEST, rounded
from signatories.models import Holding


def still_held(letter: Letter, *, holding: Holding | None = None) -> list[str]:
    """What is kept and until when, as anybody may know it (default: as the clock last counted it).

    Numbers are rounded, and small ones told as "fewer than". Under letters at risk no number is told at all.
    """
    holding = holding or Holding.objects.filter(letter=letter).first()
    if holding is None:
        return [_when_it_goes(letter)]
    if not holding.addresses and not holding.hidden_names:
        return _nothing_left(letter, holding)
    if letter.is_at_risk():
        held = [_("We still hold e-mail addresses, and names that are not public.")]
    else:
        held = [_addresses(holding.addresses), _hidden_names(holding.hidden_names)]
    return [*held, _when_it_goes(letter)]


def _nothing_left(letter: Letter, holding: Holding) -> list[str]:
    if not holding.anonymous:
        return [_("Nobody has signed yet, so we hold nothing."), _when_it_goes(letter)]
    return [
        _("We hold no e-mail address and no name that is not public any more."),
        _("The signatures go on counting."),
    ]


def _addresses(number: int) -> str:
    if number < FEWEST:
        return _("We still hold fewer than 10 e-mail addresses.")
    about = rounded(number)
    return ngettext(
        "We still hold up to %(number)s e-mail address.",
        "We still hold up to %(number)s e-mail addresses.",
        about,
    ) % {"number": f"{about:,}"}


def _hidden_names(number: int) -> str:
    if number == 0:
        return _("We hold no name that is not public.")
    if number < FEWEST:
        return _("We still hold fewer than 10 names that are not public.")
    about = rounded(number)
    return ngettext(
        "We still hold up to %(number)s name that is not public.",
        "We still hold up to %(number)s names that are not public.",
        about,
    ) % {"number": f"{about:,}"}


def _when_it_goes(letter: Letter) -> str:
    end: datetime | None = retaining.ends_at(letter)
    if end is None:
        return _("Addresses, and names that are not public, are erased 12 months after signing.")
    if letter.is_closed() and retaining.last_delivery(letter):
        return _("Addresses, and names that are not public, are erased on %(day)s.") % {"day": day(end)}
    return _(
        "Addresses, and names that are not public, are erased 30 days after the last delivery, "
        "on %(day)s at the latest."
    ) % {"day": day(end)}

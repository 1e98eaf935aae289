"""Where two sign: the rule itself, and what waits for the second of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from signatories import signing
from spaces import pairing, seconding, speaking
from spaces.models import Membership, Waiting
from spaces.pages import space_page


@require_POST
@space_page(speaks=True, is_proven=True, on_trial=False)
def two_sign(request: HttpRequest, member: Membership) -> HttpResponse:
    """Switch on that two sign, ask to switch it off or agree to that, or say no."""
    act = request.POST.get("act")
    if act == "on":
        try:
            pairing.switch_on(member)
        except pairing.TooFew:
            messages.error(request, _("Nothing was changed: let a colleague in as a speaker first."))
        else:
            messages.success(request, _("From now on two of you sign."))
    elif act == "off":
        if pairing.switch_off(member):
            messages.success(request, _("From now on one speaker signs alone."))
        else:
            messages.info(request, _("It is still on: another speaker has to agree. They are told by mail."))
    elif act == "keep":
        pairing.keep(member)
        messages.success(request, _("It stays on."))
    else:
        raise Http404
    return redirect("spaces:space", organisation=member.organisation.public_id)


@require_POST
@space_page(speaks=True, is_proven=True)
def confirm(request: HttpRequest, member: Membership, number: int) -> HttpResponse:
    """Confirm what another speaker gave."""
    try:
        seconding.confirm(member, number=number)
    except Waiting.DoesNotExist:
        messages.error(request, _("It waits no more: it was confirmed, deleted, or has lapsed."))
    except seconding.GaveIt:
        messages.error(request, _("Who gave a signature does not confirm it: another speaker does."))
    except speaking.AlreadySigned:
        messages.error(request, _("It stands under this letter already, or waits there for a moderator."))
    except (signing.LetterNotOpen, signing.VersionChanged):
        messages.error(
            request, _("Nothing was confirmed: the letter has changed or closed since. Delete this one.")
        )
    else:
        messages.success(
            request, _("Signed and confirmed. It counts once a moderator of the letter has looked at it.")
        )
    return redirect("spaces:space", organisation=member.organisation.public_id)


@require_POST
@space_page(speaks=True, is_proven=True)
def refuse(request: HttpRequest, member: Membership, number: int) -> HttpResponse:
    """Say no to what another speaker gave, or take back what one gave."""
    try:
        seconding.refuse(member, number=number)
    except Waiting.DoesNotExist:
        messages.error(request, _("It waits no more: it was confirmed, deleted, or has lapsed."))
    else:
        messages.success(request, _("Deleted: nothing was signed."))
    return redirect("spaces:space", organisation=member.organisation.public_id)

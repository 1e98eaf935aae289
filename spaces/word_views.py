"""The page of a space on which an organisation gives its word for others."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisations import verifying
from organisations.models import Evidence
from spaces import vouching
from spaces.forms import VouchForm
from spaces.models import Membership
from spaces.pages import space_page


@require_http_methods(["GET", "HEAD", "POST"])
@space_page(speaks=True, is_proven=True, on_trial=False)
def words(request: HttpRequest, member: Membership) -> HttpResponse:
    """For whom the organisation stands, and a form to give its word for one more."""
    form = VouchForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_given(member, form):
        messages.success(request, _("Given. It holds for a year, or until you take it back."))
        return redirect("spaces:words", organisation=member.organisation.public_id)
    context = {
        "member": member,
        "organisation": member.organisation,
        "form": form,
        "can_vouch": vouching.can_vouch(member.organisation),
        "words": vouching.words_of(member.organisation),
    }
    return render(request, "spaces/words.html", context, status=422 if form.errors else 200)


def _is_given(member: Membership, form: VouchForm) -> bool:
    """Give the word; what stands in the way is said beside the field."""
    try:
        vouching.vouch(member, name=form.cleaned_data["name"], said=form.cleaned_data["said"])
    except vouching.NotListed:
        form.add_error("name", _("No organisation of this name stands on a letter's list here."))
    except verifying.Itself:
        form.add_error("name", _("Nobody vouches for itself."))
    except verifying.NotProven:
        form.add_error(None, _("Its word counts once something of its own proves who it is."))
    except vouching.TooManyToday:
        form.add_error(None, _("Nothing was noted: it has given as many words today as it may."))
    return not form.errors


@require_POST
@space_page(speaks=True, is_proven=True, on_trial=False)
def take_word_back(request: HttpRequest, member: Membership, number: int) -> HttpResponse:
    """End the organisation's word for another."""
    try:
        vouching.take_back(member, number=number)
    except Evidence.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Taken back. It carries that organisation no more."))
    return redirect("spaces:words", organisation=member.organisation.public_id)

"""The page of a space on which an organisation's people propose names for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisations import proposing
from organisations.forms import NameForm
from spaces.models import Membership
from spaces.pages import space_page


@require_http_methods(["GET", "HEAD", "POST"])
@space_page(on_trial=False)
def names(request: HttpRequest, member: Membership) -> HttpResponse:
    """What it is called, what was proposed and became of that, and a form to propose one more."""
    organisation = member.organisation
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_proposed(member, form):
        messages.success(request, _("Proposed. A moderator of a letter that it signs looks at it."))
        return redirect("spaces:names", organisation=organisation.public_id)
    context = {
        "member": member,
        "organisation": organisation,
        "form": form,
        "names": organisation.names.all(),
        "proposed": organisation.proposed_names.order_by("-pk"),
    }
    return render(request, "spaces/names.html", context, status=422 if form.errors else 200)


def _is_proposed(member: Membership, form: NameForm) -> bool:
    """Propose the name; what stands in the way is said beside the field."""
    try:
        proposing.propose(member.organisation, by=member.user, **form.cleaned_data)
    except proposing.Waits:
        form.add_error("language", _("A name in this language waits already: take that one back first."))
    except proposing.TooManyToday:
        form.add_error(None, _("Nothing was proposed: that is enough for today. Try again tomorrow."))
    return not form.errors


@require_POST
@space_page(on_trial=False)
def take_name_back(request: HttpRequest, member: Membership, number: int) -> HttpResponse:
    """Propose a name no more."""
    proposed = get_object_or_404(member.organisation.proposed_names, pk=number)
    try:
        proposing.take_back(proposed, by=member.user)
    except proposing.NotWaiting:
        messages.error(request, _("Nothing was changed: a moderator has decided already."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("spaces:names", organisation=member.organisation.public_id)

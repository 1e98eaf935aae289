"""What moderators decide about what others propose: names by its own people, changes by moderators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from letters.desk import staff_of
from organisations import editing, proposing, seconding
from organisations.desk import PAGE, organisation_page
from organisations.models import Organisation, ProposedChange

TAKEN = gettext_lazy("Nothing was changed: an organisation has this name already, this one or another.")
DECIDED = gettext_lazy("Nothing was done: it was decided or taken back meanwhile.")


@organisation_page(is_proven=True)
@require_POST
def decide(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Recognise it by a proposed name, or, with `decline`, do not."""
    proposed = get_object_or_404(organisation.proposed_names, pk=number)
    act = proposing.decline if "decline" in request.POST else proposing.accept
    try:
        act(proposed, by=staff_of(request))
    except proposing.NotWaiting:
        messages.info(request, DECIDED)
    except editing.NameTaken:
        messages.error(request, TAKEN)
    else:
        messages.success(request, _("Decided. Its people see that in its space."))
    return redirect(PAGE, organisation.public_id)


@organisation_page(is_proven=True)
@require_POST
def decide_change(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Agree to what another moderator would change, or, with `decline`, leave it as it is."""
    change = organisation.proposed_changes.filter(pk=number).first() or ProposedChange(
        pk=number, organisation=organisation
    )
    is_no = "decline" in request.POST
    try:
        (seconding.decline if is_no else seconding.accept)(change, by=staff_of(request))
    except seconding.NotWaiting:
        messages.info(request, DECIDED)
    except seconding.OwnChange:
        messages.error(
            request, _("Nothing was changed: you have proposed it. Another moderator has to agree.")
        )
    except editing.NameTaken:
        messages.error(request, TAKEN)
    except editing.MainName:
        messages.error(request, _("Nothing was changed: list it by another name first."))
    else:
        messages.success(request, _("Nothing was changed.") if is_no else _("Changed."))
    return redirect(PAGE, organisation.public_id)

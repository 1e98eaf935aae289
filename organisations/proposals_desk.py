"""What moderators decide about names that an organisation's own people propose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from letters.desk import staff_of
from organisations import editing, proposing
from organisations.desk import PAGE, organisation_page
from organisations.models import Organisation


@organisation_page(is_proven=True)
@require_POST
def decide(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Recognise it by a proposed name, or, with `decline`, do not."""
    proposed = get_object_or_404(organisation.proposed_names, pk=number)
    act = proposing.decline if "decline" in request.POST else proposing.accept
    try:
        act(proposed, by=staff_of(request))
    except proposing.NotWaiting:
        messages.info(request, _("Nothing was done: it was decided or taken back meanwhile."))
    except editing.NameTaken:
        taken = _("Nothing was changed: an organisation has this name already, this one or another.")
        messages.error(request, taken)
    else:
        messages.success(request, _("Decided. Its people see that in its space."))
    return redirect(PAGE, organisation.public_id)

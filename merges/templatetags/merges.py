from typing import Any

from django import template
from django.template.context import RequestContext

from merges.models import Merge
from organisations.models import Organisation

register = template.Library()


@register.inclusion_tag("desk/merges/of_organisation.html", takes_context=True)
def merges_of(context: RequestContext, organisation: Organisation) -> dict[str, Any]:
    """What went into an organisation within thirty days and can be taken out again."""
    rows = Merge.objects.lasting().filter(kept=organisation).select_related("by", "gone")
    return {
        "organisation": organisation,
        "merges": [row for row in rows if row.can_be_undone()],
        "csrf_token": context.get("csrf_token"),
    }

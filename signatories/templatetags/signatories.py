"""What a letter's page shows of its signatories. At most one query each."""

from typing import Any

from django import template
from django.urls import reverse

from letters import countries
from letters.models import Letter
from signatories.enrolled import enrolling, reckoning
from signatories.forms import SignForm
from signatories.models import Kind, Listing
from signatories.pages import form_for

register = template.Library()


@register.inclusion_tag("signatories/form.html")
def sign_form(
    letter: Letter, form: SignForm | None = None, action: str = "", is_draft: bool = False
) -> dict[str, Any]:
    """The form to sign `letter`, or the given one, perhaps with its errors; `action` is where it is sent.

    That of a draft cannot be sent, and solves no challenge.
    """
    return {
        "is_draft": is_draft,
        "letter": letter,
        "form": form or form_for(letter),
        "action": action or reverse("signatories:sign", kwargs={"slug": letter.slug}),
    }


@register.inclusion_tag("signatories/count.html")
def signature_count(letter: Letter) -> dict[str, Any]:
    """How many have signed, from the tally."""
    tally = enrolling.tally(letter)
    persons, organisations = reckoning.split(letter, tally) or (0, 0)
    return {
        "letter": letter,
        "goal": letter.goal,
        "signatures": tally.signatures,
        "persons": persons,
        "organisations": organisations,
    }


@register.inclusion_tag("signatories/organisations.html")
def signature_list(letter: Letter, limit: int = 60) -> dict[str, Any]:
    """The organisations that let themselves be seen; persons stand on the list page only."""
    listings = (
        Listing.objects.with_badges().filter(letter=letter, kind=Kind.ORGANISATION).order_by("position")
    )
    return {"letter": letter, "listings": list(listings[:limit])}


@register.filter
def country_name(code: str) -> str:
    """The country's name in the reader's language."""
    return countries.name(code)

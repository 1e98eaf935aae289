"""What pages show of logos. At most one query each."""

from typing import Any

from django import template
from django.db.models import QuerySet

from letters.models import Author, Letter
from logos import replacing
from logos.models import Logo
from organisations.models import Organisation

register = template.Library()


@register.inclusion_tag("logos/logo.html")
def logo(logo: Logo, name: str) -> dict[str, Any]:
    """The picture; `name` is whose it is, for those who do not see it."""
    return {"logo": logo, "name": name}


@register.simple_tag
def logo_of(organisation: Organisation) -> Logo | None:
    """The organisation's logo, be it shown to readers already or not."""
    return replacing.logo_of(organisation)


@register.simple_tag
def authors_of(letter: Letter) -> QuerySet[Author]:
    """Who writes the letter, in their order, each with `.logo` where there is one."""
    return letter.authors.select_related("logo").defer("logo__content")

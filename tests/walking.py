"""Every address of the site, filled in with somebody's real values, for tests that walk them all."""

import re

from django.urls import URLResolver, get_resolver

from deliveries import links as offices
from deliveries import preparing
from deliveries.models import Delivery
from invalidations import proposing, working
from invalidations.models import Invalidation
from invitations import links
from logos import drawing, replacing
from logos.models import Logo
from organisations import recognising
from organisations.models import Organisation
from signatories import tokens
from signatories.models import Signature
from tests import cast
from tests.logos import pictures

STAFF = ("accounts/", "desk/", "admin/", "organisations/")  # who signs in sees them


def routes(resolver: URLResolver, before: str = "") -> list[str]:
    """Every pattern of the URLconf, but for the many of Django's admin, of which three stand for all."""
    found = []
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if route != "admin/":
                found += routes(pattern, route)
        else:
            found.append(route)
    return (
        [*found, "admin/", "admin/letters/letter/", "admin/signatories/signature/"] if not before else found
    )


ROUTES = routes(get_resolver())
PUBLIC = [route for route in ROUTES if not route.startswith(STAFF)]


def recognised(signature: Signature) -> Organisation:
    """The organisation as the directory knows it, whatever a moderator decides about its signature."""
    organisation = recognising.recognise(
        signature.organisation_name,
        language=signature.language,
        website=signature.website,
        country=signature.country,
    )
    Signature.objects.filter(pk=signature.pk).update(organisation=organisation)
    return organisation


def logo_of(organisation: Organisation) -> Logo:
    """A logo that the organisation has."""
    ring = drawing.draw(pictures.saved(pictures.mark()))
    return replacing.logo_of(organisation) or replacing.replace(organisation, ring, by=cast.chidi())


def gathered(letter) -> Invalidation:
    """A bulk invalidation that has found all who signed, and waits to run."""
    row = letter.invalidations.first() or proposing.propose(
        letter, by=cast.esra(letter), reason="One hour.", name="*a*"
    )
    working.work(row.pk)
    return row


def delivered(letter) -> Delivery:
    """What is on its way to the letter's first office."""
    return Delivery.objects.of(letter).first() or preparing.prepare(letter)[0]


def values(letter, *, attempt, person, organisation) -> dict[str, str]:
    """What each placeholder of a pattern stands for: a letter, somebody who has signed but not confirmed it,

    somebody whose signature counts and whose name is listed, and an organisation that waits at the desk.
    """
    return {
        "<slug:slug>": letter.slug,
        "report/<str:public_id>": f"report/{person.listing.public_id}",
        "<str:public_id>": organisation.public_id,
        "o/<str:token>": f"o/{links.token(letter.invitations.first() or cast.invited(letter))}",
        "d/<str:token>": f"d/{offices.token(delivered(letter))}",
        "s/<str:token>": f"s/{tokens.make(tokens.CONFIRM, attempt)}",
        "m/<str:token>": f"m/{tokens.make(tokens.MANAGE, person)}",
        "u/<str:token>": f"u/{tokens.make(tokens.UNSUBSCRIBE, person)}",
        "logos/<str:name>": f"logos/{logo_of(recognised(organisation)).name}",
        "<str:organisation>": recognised(organisation).public_id,
        "<str:other>": "none",
        "<str:language>": "en",
        "<slug:name>": "countries",
        "invalidations/<int:number>": f"invalidations/{gathered(letter).pk}",
        "<int:number>": "1",
        "<int:office>": "1",
        "<int:volume>": "1",
        "keys/<int:pk>": "keys/1",
        "limits/<str:name>": "limits/surge",
        "switches/<str:name>": "switches/signing",
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-set-password/",
    }


def fill_in(route: str, values: dict[str, str]) -> str:
    """The path of a route. A new placeholder has to be told to `values`."""
    for pattern, value in values.items():
        route = route.replace(pattern, value)
    assert not re.search(r"[<(^]", route), f"tell tests/walking.py how to fill in {route}"
    return f"/{route}"


def cast_of(letter) -> dict[str, str]:
    """The values with the cast of the tests: Ada, Bela and the Harbour Workers' Union."""
    return values(letter, attempt=cast.ada(letter), person=cast.bela(letter), organisation=cast.union(letter))

"""Every page of the desk about a letter, by every method, for every role, on the own letter and on others'.

A page that is not in ROLES fails: whoever adds one says here for whom it is.
"""

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Trail, User
from answers import urls as answers
from deliveries.desk import urls as deliveries
from exports import desk_urls
from invalidations import desk_urls as invalidations
from invalidations import proposing
from invalidations.models import Invalidation
from invitations import urls as invitations
from letters.models import Letter, Role
from logos import desk_urls as logos
from tests import cast, entering
from updates import desk_urls as updates
from updates.models import Update

pytestmark = [pytest.mark.once, pytest.mark.django_db]

Kind = Role.Kind
ALL = set(Kind)
OWNERS = {Kind.OWNER}
WRITERS = {Kind.OWNER, Kind.AUTHOR}
TRANSLATORS = {*WRITERS, Kind.TRANSLATOR}
MODERATORS = {Kind.OWNER, Kind.MODERATOR}
AUDITORS = {Kind.OWNER, Kind.AUDITOR}
EXPORTERS = {Kind.OWNER, Kind.EXPORTER}
DELIVERERS = {Kind.OWNER, Kind.DELIVERER}
ROLES = {
    "letter": ALL,
    "overview": ALL,
    "chart": ALL,
    "versions": ALL,
    "change": WRITERS,
    "amend": WRITERS,
    "corrections": TRANSLATORS,
    "correct": TRANSLATORS,
    "publish_correction": OWNERS,
    "discard_correction": TRANSLATORS,
    "discard_draft": WRITERS,
    "duplicate": WRITERS,
    "take_down": OWNERS,
    "do_take_down": OWNERS,
    "archive": OWNERS,
    "do_archive": OWNERS,
    "closing": OWNERS,
    "close": OWNERS,
    "people": OWNERS,
    "take_role": OWNERS,
    "trail": AUDITORS,
    "draft": TRANSLATORS,
    "begin_translation": TRANSLATORS,
    "text": TRANSLATORS,
    "review": TRANSLATORS,
    "preview": TRANSLATORS,
    "as_read": TRANSLATORS,
    "facts": WRITERS,
    "new_recipient": WRITERS,
    "recipient": WRITERS,
    "new_author": WRITERS,
    "author": WRITERS,
    "move_author": WRITERS,
    "logos:of_author": WRITERS,
    "propose": WRITERS,
    "publish": OWNERS,
    "queue": MODERATORS,
    "decisions": MODERATORS,
    "decide": MODERATORS,
    "undo": MODERATORS,
    "neighbours": MODERATORS,
    "together": MODERATORS,
    "claim": MODERATORS,
    "asked": MODERATORS,
    "second_looks": MODERATORS,
    "look": MODERATORS,
    "wait_no_longer": MODERATORS,
    "invitations": WRITERS,
    "pattern": WRITERS,
    "discard": WRITERS,
    "send": WRITERS,
    "remind": WRITERS,
    "unanswered": WRITERS,
    "founders": OWNERS,
    "founders_pattern": OWNERS,
    "discard_founders": OWNERS,
    "announce": OWNERS,
    "take_back": OWNERS,
    "invalidations:invalidations": MODERATORS,
    "invalidations:new": MODERATORS,
    "invalidations:invalidation": MODERATORS,
    "invalidations:start": MODERATORS,
    "invalidations:cancel": MODERATORS,
    "invalidations:ask_to_reverse": MODERATORS,
    "invalidations:reverse": MODERATORS,
    "updates:updates": ALL,
    "updates:begin": WRITERS,
    "updates:update": ALL,
    "updates:begin_text": TRANSLATORS,
    "updates:text": TRANSLATORS,
    "updates:try_out": TRANSLATORS,
    "updates:remove": WRITERS,
    "updates:propose": WRITERS,
    "updates:approve": OWNERS,
    **{
        f"deliveries:{page.name}": DELIVERERS
        for page in deliveries.urlpatterns
        if "<slug:" in str(page.pattern)
    },
    "answers:answers": DELIVERERS,
    "answers:enter": DELIVERERS,
    "answers:scan": DELIVERERS,
    "answers:publish": DELIVERERS,
    "answers:decline": DELIVERERS,
    "exports": EXPORTERS,
    "new_export": EXPORTERS,
    "approve_export": EXPORTERS,
    "take_export": EXPORTERS,
    "cancel_export": EXPORTERS,
}
ROUTES = {
    **{str(page.name): f"desk/{page.pattern}" for page in desk_urls.urlpatterns},
    **{str(page.name): str(page.pattern) for page in invitations.urlpatterns},
    **{f"invalidations:{page.name}": f"desk/{page.pattern}" for page in invalidations.urlpatterns},
    **{f"logos:{page.name}": f"desk/{page.pattern}" for page in logos.urlpatterns},
    **{f"deliveries:{page.name}": f"desk/{page.pattern}" for page in deliveries.urlpatterns},
    **{f"answers:{page.name}": str(page.pattern) for page in answers.urlpatterns},
    **{f"updates:{page.name}": f"desk/{page.pattern}" for page in updates.urlpatterns},
}
PAGES = {name: route for name, route in ROUTES.items() if route.startswith("desk/") and "<slug:" in route}
METHODS = ("get", "post")
AT_ONCE = 12  # pages that are asked for with one cast


def browsers(letter: Letter) -> dict[str | None, Client]:
    """Somebody in each role on this letter, and somebody without one, each signed in."""
    found: dict[str | None, Client] = {}
    for kind in [*Kind, None]:
        user = User.objects.create_user(f"{kind}@{letter.slug}.example", name=str(kind))
        if kind:
            Role.objects.create(letter=letter, user=user, kind=kind)
        entering.enter(found.setdefault(kind, Client()), user)
    return found


def an_invalidation(letter: Letter) -> Invalidation:
    by = letter.roles.get(kind=Kind.OWNER).user
    known = Invalidation.objects.filter(letter=letter).first()
    return known or proposing.propose(letter, by=by, domain="bots.example", reason="Bots.")


def path(name: str, letter: Letter, *, signature: str) -> str:
    """Where a page is; what else a route names is the letter's own."""
    real = {
        "<slug:slug>": letter.slug,
        "<str:public_id>": signature,
        "<str:language>": "ur",
        "<slug:name>": "countries",
        "invalidations/<int:number>": f"invalidations/{an_invalidation(letter).pk}",
        "updates/<int:number>": f"updates/{Update.objects.get_or_create(letter=letter)[0].pk}",
        "recipients/<int:number>": f"recipients/{letter.versions.get().recipients.first().pk}",
        "authors/<int:number>": f"authors/{letter.authors.get().pk}",
        "answers/<int:number>": "answers/1",
        "corrections/<int:number>": "corrections/1",
        "decisions/<int:number>": "decisions/1",
        "exports/<int:number>": "exports/1",
        "releases/<int:number>": "releases/1",
        "deliveries/<int:number>": "deliveries/1",
        "<int:office>": "1",
        "people/<int:number>": f"people/{letter.roles.get(kind=Kind.AUDITOR).pk}",
    }
    route = PAGES[name]
    for placeholder, value in real.items():
        route = route.replace(placeholder, value)
    assert "<" not in route, f"tell this test how to fill in {route}"
    return f"/{route}"


@pytest.fixture
def letters(db):
    """A published letter with something that waits, and a draft."""
    return cast.clean_rivers(), cast.night_trains()


def test_every_page_says_for_whom_it_is():
    assert set(ROLES) == set(PAGES)


@pytest.mark.parametrize("some", range(0, len(ROLES), AT_ONCE))
def test_t23_a_page_opens_for_its_roles_on_their_own_letter_alone(letters, some, fresh_cache):
    waiting = cast.union(letters[0]).public_id
    teams = {letter: browsers(letter) for letter in letters}
    for name in [*ROLES][some : some + AT_ONCE]:
        with transaction.atomic():  # every page finds everything as it was
            opens_for_its_roles_alone(name, teams, signature=waiting)
            transaction.set_rollback(True)
        fresh_cache()


def opens_for_its_roles_alone(
    name: str, teams: dict[Letter, dict[str | None, Client]], *, signature: str
) -> None:
    cells = [
        (method, letter, team_of, kind)
        for method in METHODS
        for letter in teams
        for team_of in teams
        for kind in teams[team_of]
    ]
    places = {letter: path(name, letter, signature=signature) for letter in teams}

    def ask(method, letter, team_of, kind):
        return getattr(teams[team_of][kind], method)(places[letter]).status_code

    def may(cell):
        _method, letter, team_of, kind = cell
        return letter == team_of and kind in ROLES[name]

    done = Trail.objects.count()
    wrong = [
        (cell, status)
        for cell in cells
        if not may(cell)
        if (status := ask(*cell)) not in ((403, 405) if cell[1] == cell[2] and cell[3] else (404, 405))
    ]
    assert wrong == [], name
    assert Trail.objects.count() == done, name
    # last, as what one of them does changes what the next one finds
    refused = [(cell, status) for cell in cells if may(cell) if (status := ask(*cell)) in (401, 403)]
    assert refused == [], name

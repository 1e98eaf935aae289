"""The desk pages that say who works on a letter, on which its owners change that, and who did what."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from letters import auditing, staffing
from letters.desk import desk_page, render_desk, staff_of
from letters.forms import PersonForm
from letters.models import Letter, Role
from letters.permitting import Verb

LINES = 100


@desk_page(Verb.STAFF, proven_at="desk:people")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Everybody with their roles; POST gives one."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = staffing.give(letter, by=staff_of(request), **form.cleaned_data)
        except staffing.AccountClosed:
            form.add_error("email", _("Their account is closed. Only the operator opens it again."))
        except staffing.HasRole:
            form.add_error("kind", _("They have this role already."))
        else:
            told = _("%(who)s has the role now, and a mail that says so.")
            messages.success(request, told % {"who": role.user.name or role.user.email})
            return redirect("desk:people", slug=letter.slug)
    roles = Prefetch("roles", Role.objects.filter(letter=letter).order_by("pk"), to_attr="held")
    team = User.objects.filter(roles__letter=letter).distinct().order_by("name", "pk").prefetch_related(roles)
    context = {"form": form, "team": team, "works_alone": staffing.works_alone(letter)}
    return render_desk(request, "desk/people.html", letter, status=422 if form.errors else 200, **context)


@desk_page(Verb.STAFF, proven_at="desk:people")
@require_POST
def take(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Take one role from one of them."""
    role = get_object_or_404(letter.roles.select_related("user"), pk=number)
    try:
        staffing.take(role, by=staff_of(request))
    except staffing.LastOwner:
        messages.error(request, _("Nothing was changed: a letter keeps at least one owner."))
    else:
        messages.success(request, _("The role is taken. It opens nothing any more."))
    if role.user_id == staff_of(request).pk:
        return redirect("desk:letters")
    return redirect("desk:people", slug=letter.slug)


@require_safe
@desk_page(Verb.AUDIT)
def trail(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Who did what with the letter, a page at a time."""
    page = Paginator(auditing.trail_of(letter), LINES).get_page(request.GET.get("page"))
    return render_desk(request, "desk/trail.html", letter, page=page)

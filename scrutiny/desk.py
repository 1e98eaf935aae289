"""The desk page of the whole site: its limits, its switches, and who moved them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from letters.desk import site_page, staff_of
from scrutiny import limits, steering
from scrutiny.models import Switch

OTHERS = [name for name in limits.DEFAULTS if name not in limits.SWEEP | limits.SCORE]
GROUPS = (
    (gettext_lazy("Mail and attempts"), OTHERS),
    (gettext_lazy("What looks like no person"), list(limits.SCORE)),
    (gettext_lazy("What looks like a crowd of machines"), list(limits.SWEEP)),
)


class LimitForm(forms.Form):
    value = forms.IntegerField(min_value=0, required=False)


class BannerForm(forms.Form):
    """One sentence, in each language of the site."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, name in settings.LANGUAGES:
            self.fields[code] = forms.CharField(label=name, max_length=300, required=False)
            self.fields[code].widget.attrs["dir"] = "auto"


@require_safe
@site_page()
def site(request: HttpRequest) -> HttpResponse:
    """Everything that steers the site, as it stands."""
    return _page(request)


@site_page(proven_at="desk:site")
@require_POST
def move(request: HttpRequest, name: str) -> HttpResponse:
    """Move a limit to `value`; an empty one is the default again."""
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong={name: _("Type a whole number, or nothing for the default.")})
    try:
        steering.move(name, form.cleaned_data["value"], by=staff_of(request))
    except steering.NoSuchLimit:
        return _page(request, status=404)
    except steering.OutOfBounds as error:
        return _page(request, wrong={name: _("At most %(most)s.") % {"most": error.most}})
    messages.success(request, _("Moved. It holds within a minute."))
    return redirect("desk:site")


@site_page(proven_at="desk:site")
@require_POST
def throw(request: HttpRequest, name: str) -> HttpResponse:
    """Throw a switch (`on`) or put it back."""
    is_on, by = "on" in request.POST, staff_of(request)
    if name == "mail":
        (steering.stop_mail if is_on else steering.let_mail_go)(by=by)
    elif name in (Switch.Name.SIGNING, Switch.Name.READ_ONLY):
        steering.throw(name, is_on=is_on, by=by)
    else:
        return _page(request, status=404)
    return redirect("desk:site")


@site_page(proven_at="desk:site")
@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """Put a sentence on every public page, or take it off."""
    form = BannerForm(request.POST)
    if not form.is_valid():
        return _page(request, banner=form)
    steering.announce(form.cleaned_data, by=staff_of(request))
    messages.success(request, _("Changed. Pages show it within seconds."))
    return redirect("desk:site")


def _page(
    request: HttpRequest,
    *,
    wrong: dict[str, str] | None = None,
    banner: BannerForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    now, thrown = limits.limits(*limits.DEFAULTS), steering.thrown()
    groups = [
        (heading, [(name, now[name], limits.DEFAULTS[name], (wrong or {}).get(name)) for name in names])
        for heading, names in GROUPS
    ]
    context = {
        "groups": groups,
        "signing_is_stopped": Switch.Name.SIGNING in thrown,
        "is_read_only": Switch.Name.READ_ONLY in thrown,
        "mail_is_stopped": steering.mail_is_stopped(),
        "banner": banner or BannerForm(initial=steering.banner()),
        "history": steering.history(),
    }
    return render(request, "desk/site.html", context, status=status or (422 if wrong or banner else 200))

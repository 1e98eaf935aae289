"""An organisation's space: what it says of itself, who is here, what proves it, and the letters it signs."""

from typing import Any

from allauth.account.views import RequestLoginCodeView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invitations import links
from invitations.models import Invitation
from letters import countries
from letters.models import Letter
from letters.views import in_readers_language
from logos import pages as logos
from organisations import checking, editing, ladder
from signatories import signing, tokens
from signatories.models import Signature
from signatories.pages import page_of, public_letter, token_page
from spaces import opening, seconding, speaking
from spaces.forms import CodeForm, ColleagueForm, FactsForm, OpenForm, SpeakForm
from spaces.models import Membership, TwoSign, speakers
from spaces.pages import signed_in, space_page, user_of

FORMED = require_http_methods(["GET", "HEAD", "POST"])
LETTERS_SHOWN = 50
TWO_DECIDE = gettext_lazy(
    "Nothing was changed: while two of you sign, nobody alone lets a speaker in or takes one out. "
    "Switch it off first."
)


class SignIn(RequestLoginCodeView):
    """Have a code mailed. What is answered is the same whether or not somebody has an account here."""

    form_class = CodeForm
    template_name = "spaces/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect("spaces:home")
        return super().dispatch(request, *args, **options)

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        context = super().get_context_data(**options)
        asked = self.get_next_url() or reverse("spaces:home")
        return context | {"then": asked}


@token_page(tokens.MANAGE)
def open_space(request: HttpRequest, signature: Signature) -> HttpResponse:
    """Behind the private link of an organisation's signature: its representative opens the space."""
    if not signature.is_organisation():
        raise Http404
    if request.method == "POST":
        try:
            member = opening.open_for(signature)
        except opening.NotApproved:
            context = page_of(signature.letter, signature=signature, can_open=False)
            return render(request, "spaces/open.html", context, status=409)
        except opening.IsOpen:
            context = page_of(signature.letter, signature=signature, is_open=True)
            return render(request, "spaces/open.html", context, status=409)
        place = "account_login" if member.user.works_here else "spaces:sign_in"
        messages.success(request, _("The space is open. Sign in with the address that you signed with."))
        return redirect(place)
    context = page_of(signature.letter, signature=signature, can_open=opening.can_open(signature))
    return render(request, "spaces/open.html", context)


@token_page(links.INVITED, links.read)
def open_invited(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Behind the private link of an invitation: whoever reads the mailbox opens the organisation's space."""
    form = OpenForm(request.POST or None, initial={"country": invitation.country})
    is_valid = request.method == "POST" and form.is_valid()
    context = page_of(invitation.letter, invitation=invitation, form=form)
    if not is_valid:
        status = 422 if request.method == "POST" else 200
        return render(request, "spaces/open_invited.html", context, status=status)
    try:
        member = opening.open_invited(invitation, **form.cleaned_data)
    except opening.Declined:
        context["is_declined"] = True
        return render(request, "spaces/open_invited.html", context, status=409)
    messages.success(request, _("The space is open. Sign in with the address that the invitation came to."))
    return redirect("account_login" if member.user.works_here else "spaces:sign_in")


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The organisations one speaks or writes for; who has one alone is led to it."""
    members = list(
        Membership.objects.filter(user=user_of(request))
        .select_related("organisation")
        .prefetch_related("organisation__names")
    )
    if len(members) == 1:
        return redirect("spaces:space", organisation=members[0].organisation.public_id)
    return render(request, "spaces/home.html", {"members": members})


@require_safe
@space_page()
def space(request: HttpRequest, member: Membership) -> HttpResponse:
    """One organisation at a glance, with all that one may do for it."""
    return _space(request, member)


@FORMED
@space_page(on_trial=False)
def facts(request: HttpRequest, member: Membership) -> HttpResponse:
    """Website, country, type and description."""
    organisation = member.organisation
    known = FactsForm.known(organisation)
    form = FactsForm(request.POST or None, initial=known)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and not member.may_speak() and form.cleaned_data["website"] != known["website"]:
        form.add_error("website", _("Only its speakers do that. They say who else is one."))
    if request.method == "POST" and form.is_valid():
        editing.change(organisation, by=member.user, is_agreed=True, **form.answers())
        messages.success(request, _("Saved."))
        return redirect("spaces:space", organisation=organisation.public_id)
    context = {"member": member, "organisation": organisation, "form": form}
    return render(request, "spaces/facts.html", context, status=422 if form.errors else 200)


@FORMED
@space_page(on_trial=False)
def logo(request: HttpRequest, member: Membership) -> HttpResponse:
    """The organisation's logo."""
    organisation = member.organisation
    return logos.answer(
        request,
        organisation,
        by=member.user,
        template="spaces/logo.html",
        then=reverse("spaces:space", kwargs={"organisation": organisation.public_id}),
        member=member,
        organisation=organisation,
    )


@require_POST
@space_page(on_trial=False)
def record(request: HttpRequest, member: Membership) -> HttpResponse:
    """Have the DNS asked for the organisation's record."""
    try:
        checking.ask(member.organisation, by=member.user)
    except checking.NoDomain:
        messages.error(request, _("Its website is at no domain of its own, so this way is closed."))
    else:
        messages.success(request, _("The DNS is asked now. The answer stands here within a minute or two."))
    return redirect("spaces:space", organisation=member.organisation.public_id)


@require_POST
@space_page(speaks=True, is_proven=True, on_trial=False)
def let_in(request: HttpRequest, member: Membership) -> HttpResponse:
    """Let a colleague in."""
    form = ColleagueForm(request.POST)
    if form.is_valid():
        try:
            opening.let_in(by=member, **form.cleaned_data)
        except opening.IsHere:
            form.add_error("email", _("They are here already."))
        except opening.TwoDecide:
            form.add_error("role", TWO_DECIDE)
        except opening.TooManyToday:
            form.add_error(
                "email",
                _("Nobody was let in: this space has let in as many today as it may. Try again tomorrow."),
            )
        else:
            messages.success(request, _("They are told by mail how to sign in."))
            return redirect("spaces:space", organisation=member.organisation.public_id)
    return _space(request, member, form=form, status=422)


@require_POST
@space_page(is_proven=True)
def let_go(request: HttpRequest, member: Membership, number: int) -> HttpResponse:
    """Take a colleague out, or leave."""
    other = get_object_or_404(member.organisation.members.select_related("user"), pk=number)
    try:
        opening.let_go(other, by=member)
    except opening.TwoDecide:
        messages.error(request, TWO_DECIDE)
    except opening.LastSpeaker:
        messages.error(request, _("Nothing was changed: let another speaker in first."))
    else:
        messages.success(request, _("Done."))
        if other == member:
            return redirect("spaces:home")
    return redirect("spaces:space", organisation=member.organisation.public_id)


@FORMED
@space_page(speaks=True, is_proven=True)
def sign(request: HttpRequest, member: Membership, slug: str) -> HttpResponse:
    """Sign a letter in the organisation's name."""
    letter = public_letter(slug)
    if not letter.is_open() or letter.current is None:
        raise Http404
    earlier = speaking.last_by(member)
    known = {"name": earlier.name, "role": earlier.role} if earlier else {}
    form = SpeakForm(
        request.POST or None,
        initial=known,
        version=letter.current.number,
        recipients=letter.current.recipients.values_list("office", "country"),
        at_risk=letter.is_at_risk(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = seconding.give(member, letter, language=get_language() or "en", **form.answers())
        except (signing.LetterNotOpen, signing.VersionChanged):
            form.add_error(None, _("The letter has just changed or closed. Read it again first."))
        except seconding.AlreadyWaits:
            form.add_error(None, _("One for this letter waits here for another speaker already."))
        except speaking.AlreadySigned:
            form.add_error(None, _("It stands under this letter already, or waits there for a moderator."))
        else:
            messages.success(request, _said(is_signed=given is not None))
            return redirect("spaces:space", organisation=member.organisation.public_id)
    name = speaking.name_in(member.organisation, get_language() or "en")
    context = page_of(letter, form=form, member=member, organisation=member.organisation, signs_as=name)
    context["two_sign"] = TwoSign.objects.holds(member.organisation)
    return render(request, "spaces/sign.html", context, status=422 if form.errors else 200)


def _said(*, is_signed: bool) -> str:
    if is_signed:
        return _("Signed and confirmed. It counts once a moderator of the letter has looked at it.")
    return _("It waits here until another speaker confirms it. They are told by mail.")


@require_POST
@space_page(speaks=True, is_proven=True)
def withdraw(request: HttpRequest, member: Membership, slug: str) -> HttpResponse:
    """Take the organisation's signature under a letter back."""
    mine = speaking.signatures_of(member.organisation)
    signatures = list(mine.filter(letter__slug=slug).order_by("pk"))
    if not signatures:
        raise Http404
    for signature in signatures:
        speaking.withdraw(member, signature)
    messages.success(request, _("Withdrawn: it leaves the list and every delivery to come."))
    return redirect("spaces:space", organisation=member.organisation.public_id)


def _space(
    request: HttpRequest, member: Membership, *, form: ColleagueForm | None = None, status: int = 200
) -> HttpResponse:
    organisation = member.organisation
    signatures = speaking.signatures_of(organisation).select_related("letter").order_by("-pk")
    signed = {row.letter_id: row for row in signatures[:LETTERS_SHOWN]}
    texts = Letter.objects.with_text()
    shown = seconding.shown(organisation, list(signed.values()))
    waiting = {row.letter_id: row for row in seconding.waiting_for(organisation)}
    context = {
        "member": member,
        "organisation": organisation,
        "country": countries.name(organisation.country),
        "names": organisation.names.all(),
        "is_verified": organisation.is_verified(),
        "rungs": ladder.rungs(organisation),
        "record": ladder.record(organisation),
        "colleagues": organisation.members.select_related("user"),
        "form": form or ColleagueForm(),
        "signed": [
            (letter, signed[letter.pk], shown.get(signed[letter.pk].pk))
            for letter in in_readers_language(texts.filter(pk__in=list(signed)))
        ],
        "waiting": [
            (letter, waiting[letter.pk]) for letter in in_readers_language(texts.filter(pk__in=list(waiting)))
        ],
        "rule": TwoSign.objects.of(organisation).select_related("off_asked_by").first(),
        "has_two": speakers(organisation).count() > 1,
        "open": in_readers_language(
            seconding.open_letters(organisation, besides=list(waiting)).with_text()[:LETTERS_SHOWN]
        ),
    }
    return render(request, "spaces/space.html", context, status=status)

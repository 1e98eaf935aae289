import re
from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.forms import CodeForm, CorrectForm, EmailForm, SignForm
from signatories.models import Kind
from tests.timing import cpu

PERSON = {
    "kind": "person",
    "name": "Ada Okoye",
    "email": "ada@mail.example",
    "country": "PK",
    "consent": "on",
}
ORGANISATION = PERSON | {
    "kind": "organisation",
    "organisation": "Harbour Workers' Union",
    "website": "harbour.example",
    "authorised": "on",
}
OFFICES = [("Ministry of Rivers", "PK"), ("وزارت امور خارجه", "")]
FIELDS = [
    "kind", "name", "email", "country", "role", "affiliation", "visibility", "updates", "consent", "version",
    "organisation", "website", "authorised",
]  # fmt: skip


def sign_form(data=None, **facts):
    if data is not None:
        query = QueryDict(mutable=True)
        query.update(data)
        data = query
    return SignForm(data, **{"version": 2, "recipients": OFFICES} | facts)


def filled(**changes):
    return sign_form({k: v for k, v in (PERSON | changes).items() if v is not None})


def test_the_fields_are_those_of_the_contract_and_one_trap():
    assert set(sign_form().fields) == {*FIELDS, "nickname"}


def test_a_person_needs_kind_name_email_country_and_consent_only():
    form = filled()
    assert form.is_valid(), form.errors
    assert form.cleaned_data == PERSON | {
        "consent": True, "role": "", "affiliation": "", "visibility": "counted", "updates": False,
        "version": 2, "organisation": "", "website": "", "authorised": False, "nickname": "",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["kind", "name", "email", "country", "consent"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_is_needed_is_missed(field, value):
    form = filled(**{field: value})
    assert list(form.errors) == [field]
    assert form.errors[field][0].startswith(("Please", "Without"))


@pytest.mark.parametrize("field", ["organisation", "website", "authorised"])
def test_an_organisation_needs_three_answers_more(field):
    assert sign_form(ORGANISATION).is_valid()
    form = sign_form({key: value for key, value in ORGANISATION.items() if key != field})
    assert list(form.errors) == [field]


def test_an_organisations_website_is_completed_and_its_representatives_affiliation_dropped():
    form = sign_form(ORGANISATION | {"affiliation": "Elsewhere", "role": "Secretary"})
    assert form.is_valid()
    assert form.cleaned_data["website"] == "https://harbour.example/"
    assert form.cleaned_data["affiliation"] == ""
    assert form.cleaned_data["role"] == "Secretary"


def test_a_person_signs_for_no_organisation_by_accident():
    form = sign_form(ORGANISATION | {"kind": "person"})
    assert form.is_valid()
    assert not any(form.cleaned_data[field] for field in ["organisation", "website", "authorised"])


@pytest.mark.parametrize("visibility", ["public", "recipient", "counted"])
def test_the_signer_chooses_who_sees_the_name(visibility):
    form = filled(visibility=visibility)
    assert form.is_valid()
    assert form.cleaned_data["visibility"] == visibility


def test_without_a_choice_the_signature_is_only_counted():
    for nothing in (None, ""):
        form = filled(visibility=nothing)
        assert form.is_valid()
        assert form.cleaned_data["visibility"] == "counted"


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "party"), ("country", "ZZ"), ("country", "EU"), ("country", "pakistan"), ("visibility", "all")],
)
def test_answers_that_were_never_offered_are_refused(field, value):
    assert list(filled(**{field: value}).errors) == [field]


@pytest.mark.parametrize("no", ["0", "false", "no", "off", "False", "on\r\nBcc:"])
def test_a_no_is_not_taken_for_a_tick(no):
    assert list(filled(consent=no).errors) == ["consent"]
    assert filled(updates=no).is_valid()
    form = filled(updates=no)
    form.is_valid()
    assert form.cleaned_data["updates"] is False


@pytest.mark.parametrize("yes", ["on", "1", "true", "yes", "True"])
def test_a_yes_is_a_tick(yes):
    form = filled(consent=yes, updates=yes)
    assert form.is_valid()
    assert form.cleaned_data["updates"] is True


def test_the_version_read_may_be_named():
    for version in ("2", "", None):
        form = filled(version=version)
        assert form.is_valid()
        assert form.cleaned_data["version"] == 2


@pytest.mark.parametrize("version", ["1", "3", "2\n", "%0a", "two", "2" * 10_000])
def test_a_changed_text_is_told_and_the_next_try_is_about_the_new_one(version):
    form = filled(version=version)
    assert list(form.errors) == ["version"]
    html = render_crispy_form(form)
    assert "The text of the letter has changed" in html
    assert re.search(r'<input[^>]*name="version"[^>]*value="2"', html)


@pytest.mark.parametrize(
    "field", ["name", "email", "country", "role", "affiliation", "organisation", "website"]
)
@pytest.mark.parametrize(
    "trick", ["a\rb", "a\nBcc: b", "a\u2028b", "a%0ab", "a\x00b", "a\u202eb", "a" * 10_000]
)
@pytest.mark.parametrize("base", [PERSON, ORGANISATION], ids=["person", "organisation"])
def test_t07_no_field_lets_a_trick_through_and_every_value_is_kept(base, field, trick):
    form = sign_form(base | {field: trick})
    assert list(form.errors) == [field]
    assert form[field].value() == trick
    assert form["consent"].value() is True


def test_every_value_comes_back_with_the_error():
    html = render_crispy_form(
        sign_form(
            ORGANISATION | {"email": "ada@", "role": "Poet <&>", "visibility": "recipient", "updates": "on"}
        )
    )
    for value in [
        "ada@",
        "Poet &lt;&amp;&gt;",
        "Ada Okoye",
        "Harbour Workers&#x27; Union",
        "harbour.example",
    ]:
        assert f'value="{value}"' in html
    assert re.search(r'<option value="PK" selected', html)
    for name, value in [("kind", "organisation"), ("visibility", "recipient")]:
        assert re.search(rf'name="{name}" value="{value}"[^>]* checked', html)
    for name in ["authorised", "updates", "consent"]:
        assert re.search(rf'<input[^>]*name="{name}"[^>]* checked', html)


@pytest.mark.parametrize("value", ["Ada", "a\x00b", "\r\n", "x" * 10_000])
def test_the_trap_tells_and_never_complains(value):
    form = filled(nickname=value)
    assert form.is_valid(), form.errors
    assert form.is_trapped


def test_people_do_not_step_into_the_trap():
    assert not filled().is_trapped
    assert not filled(nickname="").is_trapped
    assert not sign_form().is_trapped
    html = render_crispy_form(sign_form())
    trap = re.search(r'<input[^>]*name="nickname"[^>]*>', html)[0]
    assert all(part in trap for part in ['autocomplete="off"', 'tabindex="-1"', 'aria-hidden="true"'])
    assert "Leave this empty" in html


class Elements(HTMLParser):
    """All elements of a page, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.all = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def of(self, *tags):
        return [attrs for tag, attrs in self.all if tag in tags]


FORMS = {
    "sign": sign_form,
    "sign, wrong": lambda: sign_form({"email": "x", "visibility": "x", "version": "1", "website": "x"}),
    "sign, organisation": lambda: sign_form({"kind": "organisation"}),
    "email": EmailForm,
    "email, wrong": lambda: EmailForm({"email": "x"}),
    "code": CodeForm,
    "code, wrong": lambda: CodeForm({}),
    "correct": CorrectForm,
    "correct, wrong": lambda: CorrectForm({"name": "=1"}),
}


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def html(request):
    return render_crispy_form(request.param())


def test_every_field_on_the_page_has_a_label(html):
    elements = Elements(html)
    labelled = {attrs["for"] for attrs in elements.of("label")}
    inputs = [attrs for attrs in elements.of("input", "select") if attrs.get("type") != "hidden"]
    assert {attrs["id"] for attrs in inputs} == labelled


def test_the_page_needs_no_token_no_cookie_and_no_inline_code(html):
    assert "csrf" not in html
    elements = Elements(html)
    assert not elements.of("script", "style", "form")
    assert not [
        attr for _, attrs in elements.all for attr in attrs if attr == "style" or attr.startswith("on")
    ]


def test_no_element_name_is_used_twice_and_every_description_exists(html):
    elements = Elements(html)
    ids = [attrs["id"] for _, attrs in elements.all if "id" in attrs]
    assert len(ids) == len(set(ids))
    described = " ".join(attrs.get("aria-describedby", "") for _, attrs in elements.all)
    assert set(described.split()) <= set(ids)
    links = [attrs["href"].removeprefix("#") for attrs in elements.of("a")]
    assert set(links) <= set(ids)


def test_a_summary_at_the_top_links_to_every_error_and_the_error_stands_beside_its_field():
    form = sign_form({"name": "=1", "country": "ZZ", "consent": "no"})
    html = render_crispy_form(form)
    summary, rest = html[: html.index("</ul>")], html[html.index("</ul>") :]
    for target, _, sentence in form.problems():
        assert f'href="#{target}"' in summary
        assert sentence in summary
        assert sentence in rest
    assert {target for target, _, _ in form.problems()} == {
        "id_kind_0", "id_name", "id_email", "id_country", "id_consent",
    }  # fmt: skip
    name = next(attrs for attrs in Elements(html).of("input") if attrs["name"] == "name")
    assert name["aria-describedby"] == "id_name_error"
    assert name["aria-invalid"] == "true"


def test_nothing_is_ticked_or_chosen_beforehand():
    html = render_crispy_form(sign_form())
    assert " checked" not in html
    assert re.findall(r"<option[^>]* selected[^>]*>", html) == ['<option value="" selected>']


def test_the_choices_say_who_will_read_the_name():
    html = render_crispy_form(sign_form())
    assert html.count("<bdi>Ministry of Rivers</bdi> (Pakistan) and <bdi>وزارت امور خارجه</bdi>") == 2
    assert "Copies cannot be recalled." in html
    assert "kept for ever" not in html
    assert "I am 16 or older" in html


def test_a_letter_at_risk_warns_before_a_name_is_published():
    assert "kept for ever" in render_crispy_form(sign_form(at_risk=True))


def test_an_offices_name_is_text_and_nothing_else():
    html = render_crispy_form(sign_form(recipients=[("<script>{0}</script> {offices} %s", "PK")]))
    assert "<bdi>&lt;script&gt;{0}&lt;/script&gt; {offices} %s</bdi>" in html
    assert "the offices this letter addresses" in render_crispy_form(sign_form(recipients=[]))


def test_browsers_know_what_belongs_into_the_fields():
    html = render_crispy_form(sign_form())
    for token in ["name", "email", "country", "organization", "organization-title"]:
        assert f'autocomplete="{token}"' in html


@pytest.mark.parametrize(
    ("language", "pakistan"), [("en", "Pakistan"), ("ur", "پاکستان"), ("prs", "پاکستان")]
)
def test_countries_stand_in_the_readers_language(language, pakistan):
    with translation.override(language):
        assert f'<option value="PK">{pakistan}</option>' in render_crispy_form(sign_form())


def test_a_form_takes_an_ordinary_dictionary_too():
    assert SignForm(PERSON, version=1).is_valid()
    assert list(SignForm(PERSON | {"version": "9"}, version=1).errors) == ["version"]


def test_a_link_is_asked_for_by_address():
    form = EmailForm({"email": " Ada@Mail.EXAMPLE "})
    assert form.is_valid()
    assert form.cleaned_data == {"email": "Ada@mail.example"}
    assert list(EmailForm({"email": "ada@аррӏе.com"}).errors) == ["email"]
    assert list(EmailForm({}).errors) == ["email"]


@pytest.mark.parametrize(
    "typed", ["ABCD2345", "abcd2345", " abcd-2345 ", "AB CD 23 45", "abcd–2345", "ａｂｃｄ２３４５"]
)
def test_a_code_is_forgiven_how_it_was_typed(typed):
    form = CodeForm({"email": "ada@mail.example", "code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "ABCD2345"


def test_a_code_and_its_address_are_needed():
    assert list(CodeForm({}).errors) == ["email", "code"]


def test_a_corrected_name_keeps_the_rules_of_signing():
    form = CorrectForm({"name": " Ada  Okoye-Bello "})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Ada Okoye-Bello"}
    for name in ["", "=1", "Ada\u202e", "ada@mail.example", "Bread & Roses", "a" * 121]:
        assert list(CorrectForm({"name": name}).errors) == ["name"]


def test_a_corrected_organisation_keeps_the_rules_of_organisations():
    for name in ["Bread & Roses", "a" * 200]:
        assert CorrectForm({"name": name}, kind=Kind.ORGANISATION).is_valid()
    assert not CorrectForm({"name": "a" * 201}, kind=Kind.ORGANISATION).is_valid()
    assert CorrectForm({"name": "Bela"}).is_valid()


anything = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    ["person", "organisation", "PK", "on"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*FIELDS, "nickname", "else"]), anything))
def test_asvs43_whatever_is_posted_the_form_answers_in_words(data):
    form = SignForm(MultiValueDict({field: [value] for field, value in data.items()}), version=2)
    if not form.is_valid():
        assert all(sentence for _, _, sentence in form.problems())


@settings(max_examples=30, deadline=None)
@given(
    st.text(st.sampled_from("a.@%/-:\u0301\u200dа "), min_size=1, max_size=20),
    st.sampled_from([PERSON, ORGANISATION]),
)
def test_t41_ten_kilobytes_in_every_line_are_judged_at_once(seed, base):
    lines = ["name", "email", "role", "affiliation", "organisation", "website"]
    answers = base | dict.fromkeys(lines, (seed * 10_000)[:10_000])
    assert cpu(lambda: sign_form(answers).is_valid()) < 0.05 * len(lines)

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.addresses import clean_email, clean_website
from tests.timing import cpu

EMAILS = {
    "ada@example.org": "ada@example.org",
    "  ada@mail.example ": "ada@mail.example",
    "Ada.Okoye+letters@EXAMPLE.org": "Ada.Okoye+letters@example.org",
    "ada@bücher.example": "ada@xn--bcher-kva.example",
    "ada@xn--bcher-kva.example": "ada@xn--bcher-kva.example",
    "ada@почта.рф": "ada@xn--80a1acny.xn--p1ai",
    "ada@театр.рф": "ada@xn--80aj8afc.xn--p1ai",
    "ada@مثال.ایران": "ada@xn--mgbh0fb.xn--mgba3a4f16a",
    "ada@ｅxample.org": "ada@example.org",
    "=cmd@example.org": "=cmd@example.org",
    "+1@example.org": "+1@example.org",
    "o'dwyer@example.org": "o'dwyer@example.org",
}

NO_EMAILS = {
    "look-alike of an ASCII domain": ("ada@аррӏе.com", "imitation"),
    "the same in Punycode": ("ada@xn--80ak6aa92e.com", "imitation"),
    "one look-alike letter": ("ada@gооgle.com", "imitation"),
    "Greek look-alikes": ("ada@νιο.com", "imitation"),
    "Armenian look-alikes": ("ada@օո.com", "imitation"),
    "look-alike below the domain": ("ada@раре.example.org", "imitation"),
    "literal": ("ada@[127.0.0.1]", "invalid"),
    "IPv6 literal": ("ada@[IPv6:::1]", "invalid"),
    "number": ("ada@127.0.0.1", "invalid"),
    "localhost": ("ada@localhost", "nowhere"),
    "below localhost": ("ada@a.localhost", "nowhere"),
    "single label": ("ada@ministry", "invalid"),
    "test": ("ada@mail.test", "nowhere"),
    "test in capitals": ("ada@mail.TEST", "nowhere"),
    "invalid": ("ada@mail.invalid", "nowhere"),
    "local": ("ada@printer.local", "nowhere"),
    "onion": ("ada@abcdefgh.onion", "nowhere"),
    "onion with an ideographic stop": ("ada@abcdefgh。onion", "nowhere"),
    "letters outside ASCII before the @": ("аda@example.org", "local"),
    "display name": ("Ada<ada@example.org>", "invalid"),
    "two addresses": ("ada@example.org,bela@example.org", "invalid"),
    "quoted": ('"ada"@example.org', "invalid"),
    "no @": ("ada.example.org", "no_at"),
    "nothing before the @": ("@example.org", "invalid"),
    "nothing behind the @": ("ada@", "invalid"),
    "nothing": ("", "no_at"),
    "two dots": ("ada@example..org", "invalid"),
    "dot at the end": ("ada@example.org.", "invalid"),
    "symbol": ("ada@☃.example", "invalid"),
    "line feed at the end": ("ada@example.org\n", "invisible"),
    "second header": ("ada@example.org\r\nBcc:b@example.org", "invisible"),
    "line separator": ("ada@example.org\u2028", "invisible"),
    "escaped line feed": ("ada@example.org%0aBcc", "invisible"),
    "escaped line feed before the @": ("ada%0aBcc@example.org", "invisible"),
    "bidi override": ("ada\u202e@example.org", "invisible"),
    "zero width space": ("ada@exa\u200bmple.org", "invisible"),
    "space inside": ("ada okoye@example.org", "invisible"),
    "NUL": ("ada\x00@example.org", "invisible"),
    "255 characters": ("a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example", "too_long"),
    "10 kB": ("a" * 10_000 + "@example.org", "too_long"),
}

WEBSITES = {
    "harbour.example": "https://harbour.example/",
    "http://harbour.example": "http://harbour.example/",
    " HTTPS://Harbour.Example/About ": "https://harbour.example/About",
    "harbour.example/a?b=c#d": "https://harbour.example/a?b=c",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://harbour.example/درباره": "https://harbour.example/%D8%AF%D8%B1%D8%A8%D8%A7%D8%B1%D9%87",
    'harbour.example/"><b>': "https://harbour.example/%22%3E%3Cb%3E",
    "harbour.example//a": "https://harbour.example//a",
    "harbour.example/at:12/@us": "https://harbour.example/at:12/@us",
}

NO_WEBSITES = {
    "script": ("javascript:alert(1)", "website"),
    "data": ("data:text/html,x", "website"),
    "ftp": ("ftp://harbour.example", "website"),
    "file": ("file:///etc/passwd", "website"),
    "mailto": ("mailto:ada@harbour.example", "website"),
    "user name": ("https://ada@harbour.example", "authority"),
    "password": ("https://bank.example:pw@evil.example", "authority"),
    "port": ("https://harbour.example:8080/", "authority"),
    "port without a scheme": ("harbour.example:8080", "authority"),
    "number": ("http://127.0.0.1/", "website"),
    "one number": ("http://2130706433/", "website"),
    "hexadecimal": ("http://0x7f.0x1/", "website"),
    "IPv6": ("http://[::1]/", "authority"),
    "broken brackets": ("http://[::1/", "website"),
    "single name": ("http://intranet/", "website"),
    "localhost": ("localhost", "nowhere"),
    "onion": ("abcdefgh.onion", "nowhere"),
    "look-alike": ("https://аррӏе.com", "imitation"),
    "backslash": ("https:\\\\evil.example", "website"),
    "backslash in the host": ("https://harbour.example\\@evil.example", "website"),
    "no host": ("https:///path", "website"),
    "network path": ("//evil.example", "website"),
    "space": ("harbour.example/a b", "invisible"),
    "line feed": ("https://harbour.example\r\n", "invisible"),
    "line separator": ("https://harbour.example/\u2028", "invisible"),
    "escaped line feed": ("https://harbour.example/%0a", "invisible"),
    "bidi override": ("https://harbour.example/\u202e", "invisible"),
    "nothing": ("", "website"),
    "10 kB": ("https://harbour.example/" + "a" * 10_000, "too_long"),
}


@pytest.mark.parametrize(("typed", "cleaned"), EMAILS.items())
def test_an_address_that_mail_reaches_passes(typed, cleaned):
    assert clean_email(typed) == cleaned
    assert clean_email(cleaned) == cleaned


@pytest.mark.parametrize(("typed", "code"), NO_EMAILS.values(), ids=NO_EMAILS)
def test_t12_an_address_that_no_mail_reaches_or_that_imitates_is_refused(typed, code):
    with pytest.raises(ValidationError) as refused:
        clean_email(typed)
    assert refused.value.code == code
    assert refused.value.messages[0].endswith(".")


@pytest.mark.parametrize(("typed", "cleaned"), WEBSITES.items())
def test_a_public_website_passes(typed, cleaned):
    assert clean_website(typed) == cleaned
    assert clean_website(cleaned) == cleaned


@pytest.mark.parametrize(("typed", "code"), NO_WEBSITES.values(), ids=NO_WEBSITES)
def test_what_is_not_on_the_public_web_is_refused(typed, code):
    with pytest.raises(ValidationError) as refused:
        clean_website(typed)
    assert refused.value.code == code


anything = st.text(max_size=260) | st.text(st.sampled_from("a.@:/[]%-xn1а。＠?#\\"), max_size=120)


@settings(max_examples=400, deadline=None)
@given(anything, st.sampled_from([clean_email, clean_website]))
def test_whatever_is_typed_is_either_refused_or_an_address_in_ascii(text, clean):
    for typed in (text, f"ada@{text}", f"https://{text}", f"{text}.example"):
        try:
            address = clean(typed)
        except ValidationError:
            continue
        assert address.isascii()
        assert clean(address) == address


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("a.@:/-%[а"), min_size=1, max_size=30),
    st.sampled_from([clean_email, clean_website]),
)
def test_t41_ten_kilobytes_are_judged_at_once(seed, clean):
    def judge():
        with pytest.raises(ValidationError):
            clean((seed * 10_000)[:10_000])

    assert cpu(judge) < 0.05

"""What an e-mail address or a website may look like. Nothing here asks the network."""

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1
LONGEST_WEBSITE = 200
# RFC 6761 and RFC 7686: nothing is delivered there. `.example` is for the demo and passes.
NOWHERE = ("test", "invalid", "local", "localhost", "onion", "arpa")

# Small letters of other alphabets that most fonts draw like an ASCII letter. Kept narrow: with в, к and т
# in it, восток and театр would be no domains any more.
LOOK_ALIKES = str.maketrans(
    "аеіјԛорсѕухһԁԝѵӏү" "αινορυϲϳ" "օոսհցյզք" "ɑɡɩ",
    "aeijqopcsyxhdwvly" "aivopucj" "onuhgjqp" "agi",
)  # fmt: skip

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CONTROL_ESCAPE = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)


def clean_email(text: str) -> str:
    """The address as mail programs need it: without outer spaces, its domain in ASCII and small letters.

    The part before the @ keeps its capitals. Raises ValidationError for what is no address, for places no
    mail reaches, and for domains that imitate another (RFC 5321, RFC 6761).
    """
    address = text.strip(" ")
    if len(address) > LONGEST_EMAIL:
        raise ValidationError(
            _("This e-mail address is longer than 254 characters. Please check it."), code="too_long"
        )
    if _has_hidden_characters(address):
        raise ValidationError(
            _("This e-mail address contains a space or an invisible character. Please type it by hand."),
            code="invisible",
        )
    local, at, domain = address.rpartition("@")
    if not at:
        raise ValidationError(
            _("Please enter an e-mail address with an @, such as name@organisation.example."), code="no_at"
        )
    if not local.isascii():
        raise ValidationError(
            _("Please use an address that has only the letters a to z, digits and signs before the @."),
            code="local",
        )
    _refuse_nowhere(domain)
    try:
        valid = _validated(address)
    except EmailNotValidError:
        raise ValidationError(
            _("Please check this e-mail address. It should look like name@organisation.example."),
            code="invalid",
        ) from None
    _refuse_imitation(valid.domain)
    return f"{valid.local_part}@{valid.ascii_domain}"


def clean_website(text: str) -> str:
    """The website's address with scheme and its host in ASCII; https where none was typed. Never fetched.

    Raises ValidationError for what is not on the public web: other schemes, passwords, ports, bare numbers
    and single names as hosts, and hosts that imitate another.
    """
    address = text.strip(" ")
    if len(address) > LONGEST_WEBSITE:
        raise ValidationError(
            _("This web address is longer than 200 characters. The first page of the website is enough."),
            code="too_long",
        )
    if _has_hidden_characters(address):
        raise ValidationError(
            _("This web address contains a space or an invisible character. Please type it by hand."),
            code="invisible",
        )
    parts = _split(address)
    host = parts.netloc
    if "@" in host or ":" in host:
        raise ValidationError(
            _("Please enter the web address without a user name and without a port."), code="authority"
        )
    _refuse_nowhere(host)
    try:
        # A host is public when mail could have such a domain.
        valid = _validated(f"a@{host}")
    except EmailNotValidError:
        raise _no_website() from None
    _refuse_imitation(valid.domain)
    page = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{parts.scheme}://{valid.ascii_domain}{iri_to_uri(page)}"


def _validated(address: str) -> ValidatedEmail:
    return validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=False)


def _has_hidden_characters(address: str) -> bool:
    # An escaped line feed (%0a) becomes one where a careless program unescapes it.
    return bool(CONTROL_ESCAPE.search(address)) or any(unicodedata.category(c)[0] in "CZ" for c in address)


def _refuse_nowhere(domain: str) -> None:
    last = unicodedata.normalize("NFKC", domain).replace("。", ".").rpartition(".")[2].casefold()
    if last in NOWHERE:
        raise ValidationError(
            _("Addresses that end in “%(ending)s” are not reachable from here. Please use another one."),
            code="nowhere",
            params={"ending": last},
        )


def _refuse_imitation(domain: str) -> None:
    """A label that is not ASCII but reads as if it were is made to be taken for another."""
    if any(not label.isascii() and label.translate(LOOK_ALIKES).isascii() for label in domain.split(".")):
        raise ValidationError(
            _("This address has letters of another alphabet that look like a to z. Please type it by hand."),
            code="imitation",
        )


def _split(address: str) -> SplitResult:
    """The address taken apart; raises ValidationError unless it is http or https."""
    if not SCHEME.match(address) or re.match(r"[^:/?#]*:\d", address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        raise _no_website() from None
    if parts.scheme not in {"http", "https"} or "\\" in address:
        raise _no_website()
    return parts


def _no_website() -> ValidationError:
    return ValidationError(
        _("Please enter a web address such as https://organisation.example."), code="website"
    )

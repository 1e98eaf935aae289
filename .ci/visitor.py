"""A visitor made of Python alone: signs, confirms, is counted; then a moderator, then a delivery.

    visitor.py SITE COMMAND ...

SITE is where `make run` serves, COMMAND what runs `manage.py` there. Ends with status 1 and a sentence
at the first promise that is broken.
"""

import argparse
import html.parser
import http.client
import itertools
import json
import re
import secrets
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

MAIL_ARRIVES = 30  # seconds
COUNT_RISES = 5
LOOKS = 20
CODE = re.compile(r"(?<![A-Z0-9])([A-HJ-NP-Z2-9]{8}|[A-HJ-NP-Z2-9]{4}[ -][A-HJ-NP-Z2-9]{4})(?![A-Z0-9])")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.example")


class Broken(Exception):
    """A promise that the site did not keep."""


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Reader(html.parser.HTMLParser):
    """Links, forms and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.text = ""
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and tag == "button" and given.get("name"):
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))
        elif self.forms and tag == "input" and given.get("name"):
            if given.get("type") == "submit":
                self.forms[-1].buttons.append((given["name"], given.get("value", "")))
            elif given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text += data


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    def read(self) -> Reader:
        return Reader(self.body)


class Visitor:
    """Asks the site, follows nothing by itself, and keeps cookies only when told to."""

    def __init__(self, site: str, *, keeps_cookies: bool = False) -> None:
        self.site = urllib.parse.urlsplit(site)
        self.keeps_cookies = keeps_cookies
        self.cookies: dict[str, str] = {}

    def ask(
        self, path: str, answers: dict[str, str] | None = None, *, expect: tuple[int, ...] = (200,)
    ) -> Answer:
        """GET, or POST `answers`. Raises Broken when the status is none of `expect`."""
        place = urllib.parse.urlsplit(path)
        target = place.path + (f"?{place.query}" if place.query else "")
        headers, body = {}, None
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers["Referer"] = urllib.parse.urlunsplit(self.site)
        if answers is not None:
            body = urllib.parse.urlencode(answers)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.site.hostname or "", self.site.port, timeout=30)
        try:
            connection.request("GET" if body is None else "POST", target, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode(errors="replace"))
        finally:
            connection.close()
        self._take_cookies(target, answer)
        if answer.status not in expect:
            words = " ".join(answer.read().text.split())[:600]
            raise Broken(f"{'GET' if body is None else 'POST'} {target} answered {answer.status}: {words}")
        return answer

    def _take_cookies(self, target: str, answer: Answer) -> None:
        given = answer.headers.get_all("Set-Cookie") or []
        if given and not self.keeps_cookies:
            raise Broken(f"{target} gave a reader a cookie: {given[0].split('=')[0]}")
        for cookie in given:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value

    def submit(self, path: str, form: Form, *, expect: tuple[int, ...], **more: str) -> Answer:
        """POST a form as it stands on the page at `path`, with what is filled in besides."""
        return self.ask(urllib.parse.urljoin(path, form.action), form.fields | more, expect=expect)


class Story:
    """What happens from reading a letter to its delivery."""

    def __init__(self, site: str, manage: list[str]) -> None:
        self.site, self.manage = site, manage
        self.reader = Visitor(site)
        home = self.reader.ask("/").read()
        letters = [link for link in home.links if re.fullmatch(r"/letters/[\w-]+/", link)]
        need(letters, "the first page links to no letter")
        self.letter = letters[0]
        self.slug = self.letter.split("/")[2]

    def count(self) -> dict:
        return json.loads(self.reader.ask(f"{self.letter}count.json").body)

    def mails(self, address: str = "") -> list[str]:
        """The pages of mails, newest first; with `address` only those that went there."""
        page = self.reader.ask("/dev/mail/").body
        rows = re.split(r"(?=/dev/mail/[\w.-]+/)", page)
        found: list[str] = []
        for before, row in itertools.pairwise(rows):
            link = re.match(r"/dev/mail/[\w.-]+/", row)
            if link and link[0] not in found and (address in row or address in before[-300:]):
                found.append(link[0])
        return [link for link in found if not address or address in self.reader.ask(link).body]

    def newest_mail(self, address: str) -> Answer:
        found = wait(lambda: self.mails(address), MAIL_ARRIVES, f"no mail to {address} at /dev/mail/")
        return self.reader.ask(found[0])

    def sign(self, **answers: str) -> Answer:
        """Sign with the documented fields; returns the mail that asks to confirm."""
        given = {"kind": "person", "country": "NL", "visibility": "public", "consent": "on"} | answers
        answer = self.reader.ask(f"{self.letter}sign/", given, expect=(303,))
        need(answer.headers["Location"] == f"{self.letter}check-your-email/", "signing led somewhere else")
        self.reader.ask(answer.headers["Location"])
        return self.newest_mail(given["email"])

    def link_in(self, mail: Answer) -> str:
        found = re.search(r"/s/[\w.~-]+/", mail.body)
        need(found, "the mail holds no link to confirm with")
        return found[0]  # type: ignore[index]

    def must_rise(self, before: dict, kind: str) -> None:
        wanted = before["signatures"] + 1, before[kind] + 1
        wait(
            lambda: (self.count()["signatures"], self.count()[kind]) == wanted,
            COUNT_RISES, f"count.json did not rise by one within {COUNT_RISES} s: {before} -> {self.count()}",
        )  # fmt: skip

    def a_person_signs_by_link(self) -> None:
        before, name = self.count(), f"Visitor {letters_only(8)}"
        link = self.link_in(self.sign(name=name, email=f"{secrets.token_hex(6)}@visitor.example"))
        for _ in range(LOOKS):
            need(name in self.reader.ask(link).body, "the page of the link does not show the name")
        time.sleep(COUNT_RISES)
        need(self.count()["signatures"] == before["signatures"], f"{LOOKS} looks at a link changed the count")
        need(name not in self.listed(name), "an unconfirmed name is listed")
        self.reader.ask(link, {"act": "confirm"})
        self.must_rise(before, "persons")
        self.reader.ask(link, {"act": "confirm"})
        time.sleep(COUNT_RISES)
        need(self.count()["persons"] == before["persons"] + 1, "confirming twice counted twice")
        wait(lambda: name in self.listed(name), COUNT_RISES, "a confirmed public name is not listed")

    def listed(self, name: str) -> str:
        page = self.reader.ask(f"{self.letter}signatories/?q={urllib.parse.quote(name)}").body
        # the search field repeats what was asked for
        return re.sub(r"<input[^>]*>|<title>.*?</title>", "", page, flags=re.S)

    def a_person_signs_by_code(self) -> None:
        before, address = self.count(), f"{secrets.token_hex(6)}@visitor.example"
        mail = self.sign(name=f"Visitor {letters_only(8)}", email=address)
        # a link is random enough to hold something like a code
        code = CODE.search(re.sub(r"https?://\S+", " ", mail.read().text))
        need(code, "the mail holds no code to type")
        wrong = {"email": address, "code": "AAAAAAAA"}
        self.reader.ask(f"{self.letter}code/", wrong, expect=(422,))
        typed = {"email": address, "code": code[1]}  # type: ignore[index]
        page = self.reader.ask(f"{self.letter}code/", typed).read()
        forms = [form for form in page.forms if "/s/" in form.action]
        need(forms, "the right code shows no form to confirm with")
        self.reader.submit(f"{self.letter}code/", forms[0], expect=(200,), act="confirm")
        self.must_rise(before, "persons")

    def bad_input_is_answered_in_words(self) -> None:
        sign = f"{self.letter}sign/"
        page = self.reader.ask(
            sign, {"kind": "person", "name": "Ada Okoye", "email": "not one"}, expect=(422,)
        )
        need("Ada Okoye" in page.body, "an error page forgot what was typed")
        self.reader.ask("/letters/no-such-letter/", expect=(404,))
        self.reader.ask("/s/no.token/", expect=(404,))

    def an_organisation_signs_and_is_approved(self) -> None:
        before, organisation = self.count(), f"Society {letters_only(8)}"
        domain = f"{letters_only(10).lower()}.example"
        link = self.link_in(self.sign(
            kind="organisation", organisation=organisation, website=f"https://{domain}/", name="Ada Okoye",
            role="Secretary", email=f"office@{domain}", authorised="on",
        ))  # fmt: skip
        self.reader.ask(link, {"act": "confirm"})
        time.sleep(COUNT_RISES)
        need(
            self.count() | {"as_of": 0} == before | {"as_of": 0},
            "an organisation counted before a moderator saw it",
        )
        moderator = self.sign_in_at_the_desk()
        self.approve(moderator, organisation)
        self.must_rise(before, "organisations")

    def sign_in_at_the_desk(self) -> Visitor:
        staff = Visitor(self.site, keeps_cookies=True)
        forms = re.findall(r"<form.*?</form>", staff.ask("/dev/").body, re.S)
        moderators = [form for form in forms if self.slug in form and "oderator" in form]
        need(moderators, "/dev/ offers no moderator of the letter to sign in as")
        form = Reader(moderators[0]).forms[0]
        staff.submit("/dev/", form, expect=(302, 303), **dict(form.buttons[:1]))
        return staff

    def approve(self, staff: Visitor, organisation: str) -> None:
        page, path = self.find(staff, organisation)
        boxes = re.split(r"(?=<(?:article|li|section|tr)\b)", page)
        boxed = next((box for box in boxes if organisation in box and 'value="approve"' in box), page)
        part = next((form for form in re.findall(r"<form.*?</form>", boxed, re.S) if "approve" in form), "")
        need(part, f"the desk offers no way to approve {organisation}")
        staff.submit(path, Reader(part).forms[0], expect=(200, 302, 303), act="approve")

    def find(self, staff: Visitor, organisation: str) -> tuple[str, str]:
        """The desk's page on which the organisation waits, looking one link deep."""
        paths = ["/desk/"]
        seen: set[str] = set()
        while paths:
            path = paths.pop(0)
            if path in seen or len(seen) > 40:
                continue
            seen.add(path)
            page = staff.ask(path, expect=(200, 301, 302, 403, 404))
            if page.status in {301, 302}:
                paths.append(urllib.parse.urlsplit(urllib.parse.urljoin(path, page.headers["Location"])).path)
            elif page.status == 200 and organisation in page.body and "approve" in page.body:
                return page.body, path
            else:
                links = (urllib.parse.urljoin(path, link).split("#")[0] for link in page.read().links)
                paths += [link for link in links if link.startswith("/desk/")]
        raise Broken(f"{organisation} waits nowhere at the desk")

    def a_letter_is_delivered_once(self) -> None:
        time.sleep(COUNT_RISES)
        before = set(self.mails())
        self.run_manage("deliver", self.slug)
        settled = self.settle(before)
        need(settled, f"deliver {self.slug} sent no mail within {MAIL_ARRIVES} s")
        addresses = [set(ADDRESS.findall(self.reader.ask(mail).read().text)) for mail in settled]
        everywhere = set.intersection(*addresses) if len(addresses) > 1 else set()
        own = [frozenset(found - everywhere) for found in addresses]
        need(len(set(own)) == len(own), "two mails of one delivery went to the same recipient")
        print(f"    {len(settled)} recipients, one mail each")
        self.run_manage("deliver", self.slug)
        again = self.settle(before | set(settled))
        need(not again, f"a second deliver sent {len(again)} mails more")

    def settle(self, before: set[str]) -> list[str]:
        """The mails that were not there before, once no more arrive for ten seconds."""
        arrived: list[str] = []
        patience = time.monotonic() + MAIL_ARRIVES
        while time.monotonic() < patience:
            now = [mail for mail in self.mails() if mail not in before]
            if len(now) > len(arrived):
                arrived, patience = now, time.monotonic() + 10
            time.sleep(0.5)
        return arrived

    def run_manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self.manage, *arguments], check=False, capture_output=True, text=True, timeout=300
        )
        need(
            done.returncode == 0,
            f"manage.py {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-800:]}",
        )
        return done.stdout


def need(kept: object, sentence: str) -> None:
    if not kept:
        raise Broken(sentence)


def wait(ready: Callable[[], object], seconds: float, sentence: str):  # type: ignore[no-untyped-def]
    patience = time.monotonic() + seconds
    while True:
        if found := ready():
            return found
        need(time.monotonic() < patience, sentence)
        time.sleep(0.25)


def letters_only(length: int) -> str:
    return "".join(secrets.choice("abcdefghijklmnoprstuvwyz") for _ in range(length)).capitalize()


STORIES = (
    Story.bad_input_is_answered_in_words,
    Story.a_person_signs_by_link,
    Story.a_person_signs_by_code,
    Story.an_organisation_signs_and_is_approved,
    Story.a_letter_is_delivered_once,
)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("site")
    arguments.add_argument("manage", nargs="+")
    given = arguments.parse_args()
    told = "the first page"
    try:
        story = Story(given.site, given.manage)
        for chapter in STORIES:
            told = chapter.__name__.replace("_", " ")
            started = time.monotonic()
            chapter(story)
            print(f"  {told}: {time.monotonic() - started:.1f} s", flush=True)
    except (Broken, OSError, json.JSONDecodeError) as sentence:
        print(f"  {told}: BROKEN. {sentence}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make pictures`: the pages as people see them, from a fresh copy with the demo, into docs/pictures/."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bootstrap import chromium
from tests.house.places import ROOT, copy
from tests.house.site import Site

INTO = ROOT / "docs" / "pictures"
BESIDE_HOSTS = ROOT / "docs" / "hosts"
FIRST = ROOT / "docs" / "letter.png"  # on README's first screen
LETTER = "/letters/halt-expulsion-of-afghans/"
WIDE, NARROW = (1280, 900), (360, 740)
MODERATOR, OWNER = "chidi", "Dunya"
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"]


@dataclass
class Look:
    """One way to see a page."""

    language: str = "en"
    size: tuple[int, int] = WIDE
    scheme: str = "light"

    @property
    def prefix(self) -> str:
        return "" if self.language == "en" else f"/{self.language}"

    def name(self, what: str) -> str:
        return f"{what}-{self.language}-{self.size[0]}-{self.scheme}.png"


def home(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}/")


def letter(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}{LETTER}")


def form_with_errors(page: Page, look: Look) -> None:
    letter(page, look)
    form = page.locator("form[action$='/sign/']").first
    form.locator("[name=name]").fill("Ada Okoye")
    form.locator("[name=email]").fill("ada@harbour")
    form.evaluate("form => { form.noValidate = true }")
    form.locator("[type=submit]").first.click()
    page.wait_for_load_state()


def check_your_email(page: Page, look: Look) -> None:
    _sign(page, look)


def confirm(page: Page, look: Look) -> None:
    page.goto(_sign(page, look))


def thanks(page: Page, look: Look) -> None:
    page.goto(_sign(page, look))
    page.locator("button[value=confirm]").first.click()
    page.wait_for_load_state()


def manage(page: Page, look: Look) -> None:
    thanks(page, look)
    page.locator("a[href*='/m/']").first.click()
    page.wait_for_load_state()


def mail(page: Page, look: Look) -> None:
    _sign(page, look)
    page.goto("/dev/mail/")
    page.locator("a[href*='/dev/mail/']").first.click()
    page.wait_for_load_state()


def signatories(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}{LETTER}signatories/")


def integrity(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}{LETTER}integrity/")


def report(page: Page, look: Look) -> None:
    signatories(page, look)
    page.locator("a[href*='/report/']").first.click()
    page.wait_for_load_state()


def privacy(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}/privacy/")


def privacy_of_letter(page: Page, look: Look) -> None:
    page.goto(f"{look.prefix}/privacy/")
    page.locator("main a[href*='/privacy/']").first.click()
    page.wait_for_load_state()


def form(page: Page, look: Look) -> None:
    letter(page, look)
    page.locator("#sign").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('sign').scrollIntoView()")


def printed(page: Page, look: Look) -> None:
    letter(page, look)
    page.emulate_media(media="print")


def desk(page: Page, look: Look) -> None:
    page.goto("/dev/")
    page.locator("form", has_text=re.compile(MODERATOR, re.I)).locator("button, [type=submit]").first.click()
    page.wait_for_load_state()
    page.goto("/desk/")


def _host(page: Page, path: str) -> None:
    """A page of the desk, as an owner of the first letter sees it."""
    page.goto("/dev/")
    page.locator("form", has_text=OWNER).locator("button, [type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(path)


def begun(page: Page, look: Look) -> None:
    _host(page, "/desk/letters/new/")
    page.locator("[name=title]").fill("Keep the Night Buses")
    page.locator("[name=slug]").fill(f"night-buses-{secrets.token_hex(2)}")
    page.locator("main form [type=submit]").last.click()
    page.locator("[name=body]").fill(
        "To the City Council.\n\n## We ask you\n\nto keep the *night buses* running."
    )
    page.wait_for_timeout(1500)  # the preview follows what is typed


def of_letter(path: str) -> Callable[[Page, Look], None]:
    """A page of the desk about the first letter."""
    return lambda page, look: _host(page, f"/desk{LETTER}{path}")


def invited(page: Page, look: Look) -> None:
    _host(page, f"/desk{LETTER}invitations/")
    page.get_by_label("Organisations, one a line").fill(
        "Harbour Workers' Union, secretary@harbour-workers.example, en, PT\n"
        "Lake Watch, office-at-lake-watch.example\n"
    )
    page.get_by_role("button", name="Look at the list").click()
    page.wait_for_load_state()


def looked_for(page: Page, look: Look) -> None:
    _host(page, f"/desk{LETTER}invalidations/new/")
    page.locator("[name=name]").fill("*er*")
    page.locator("[name=reason]").fill("One after the other within a minute, from one place.")
    page.locator("main form [type=submit]").first.click()
    patience = time.monotonic() + 30
    while not page.get_by_role("button", name="Reject all").count() and time.monotonic() < patience:
        page.wait_for_timeout(500)
        page.reload()


def asked_for(page: Page, look: Look) -> None:
    _host(page, f"/desk{LETTER}exports/new/")
    page.locator("[name=profile]").select_option("press")
    page.locator("[name=format]").select_option("xlsx")
    page.locator("[name=why]").fill("For the press conference.")
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_load_state()


def released(page: Page, look: Look) -> None:
    _host(page, f"/desk{LETTER}deliveries/new/")
    page.get_by_role("button", name="Propose it").click()
    patience = time.monotonic() + 60
    while not page.get_by_text("SHA-256 of the manifest").count() and time.monotonic() < patience:
        page.wait_for_timeout(500)
        page.reload()


def _sign(page: Page, look: Look) -> str:
    """Sign as Ada; returns the path of the link in the mail, once it has arrived."""
    address = f"ada.{secrets.token_hex(3)}@harbour.example"
    answers = {
        "kind": "person", "name": "Ada Okoye", "email": address, "country": "NG", "visibility": "public",
        "consent": "on",
    }  # fmt: skip
    letter(page, look)
    form = page.locator("form[action$='/sign/']").first
    for name, value in answers.items():
        field = form.locator(f"[name={name}]")
        kind = field.first.evaluate("field => field.type")
        if kind in {"radio", "checkbox"}:
            (field if kind == "checkbox" else form.locator(f"[name={name}][value={value}]")).first.check()
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind != "hidden":
            field.fill(value)
    form.locator("[type=submit]").first.click()
    page.wait_for_url("**/check-your-email/")
    return _link_to(page, address)


def _link_to(page: Page, address: str) -> str:
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        box = page.request.get("/dev/mail/").text()
        for mail in dict.fromkeys(re.findall(r"/dev/mail/[\w.-]+/", box)):
            text = page.request.get(mail).text()
            if address in text and (link := re.search(r"(?:/[a-z]+)?/s/[\w.~-]+/", text)):
                return link[0]
        time.sleep(0.5)
    raise TimeoutError("the mail with the link did not arrive")


PICTURES: list[tuple[str, Callable[[Page, Look], None], list[Look]]] = [
    ("home", home, [Look(), Look("ur", NARROW, "dark")]),
    ("letter", letter, [Look(), Look("en", NARROW), Look("en", NARROW, "dark"), Look("ur", NARROW),
                        Look("ur", WIDE, "dark")]),
    ("signatories", signatories, [Look(), Look("ur", NARROW)]),
    ("integrity", integrity, [Look(), Look("ur", NARROW, "dark")]),
    ("report", report, [Look("en", NARROW), Look("ur", NARROW)]),
    ("privacy", privacy, [Look("en", NARROW)]),
    ("privacy-of-letter", privacy_of_letter, [Look("prs", NARROW)]),
    ("form", form, [Look("en", NARROW), Look("ps", NARROW, "dark")]),
    ("print", printed, [Look(), Look("ur")]),
    ("errors", form_with_errors, [Look("en", NARROW), Look("ur", NARROW, "dark")]),
    ("check-your-email", check_your_email, [Look("en", NARROW)]),
    ("confirm", confirm, [Look("en", NARROW), Look("ur", NARROW)]),
    ("thanks", thanks, [Look(), Look("ur", NARROW)]),
    ("manage", manage, [Look("en", NARROW), Look("ur", NARROW, "dark")]),
    ("mail", mail, [Look("en", NARROW)]),
    ("desk", desk, [Look(), Look("en", NARROW, "dark")]),
]  # fmt: skip


DESK = (1000, 700)
# For docs/hosts.md, beside which they are kept
HOSTS: list[tuple[str, Callable[[Page, Look], None]]] = [
    ("letters", lambda page, look: _host(page, "/desk/")),
    ("text", begun),
    ("letter", of_letter("")),
    ("people", of_letter("people/")),
    ("invitations", invited),
    ("queue", of_letter("queue/")),
    ("fakes", looked_for),
    ("overview", of_letter("overview/")),
    ("list", asked_for),
    ("release", released),
]


def speak(site: Path) -> None:
    """Give a copy of the house its translations: they are compiled where they are needed."""
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-D", "django", "-d", "locale"],
        cwd=site, check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def fonts(directory: Path) -> dict[str, str]:
    """The environment of a Chromium that has the letters of all our languages, as every phone does."""
    ours = [Path(find_spec(name).origin).parent for name in ("fontpkg_noto_sans_arabic", "fontpkg_amiri")]
    config = directory / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        + "".join(f"<dir>{place}</dir>" for place in ours)
        + f"<cachedir>{directory}</cachedir></fontconfig>"
    )
    return {"FONTCONFIG_FILE": str(config)}


def take(
    browser: Browser,
    site: Site,
    what: str,
    go: Callable[[Page, Look], None],
    look: Look,
    into: Path | None = None,
) -> Path:
    """Show one page in one way, and keep the part that is seen without scrolling."""
    width, height = look.size
    context = browser.new_context(
        base_url=site.address, viewport={"width": width, "height": height}, locale="en-GB",
        color_scheme="dark" if look.scheme == "dark" else "light", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(15_000)
    try:
        go(page, look)
        if what not in {"errors", "form"}:
            page.evaluate("window.scrollTo(0, 0)")
        file = into or (FIRST if (what, look) == ("letter", Look()) else INTO / look.name(what))
        page.screenshot(path=file)
        return file
    finally:
        context.close()


def main(chosen: list[str]) -> int:
    """Take all pictures, or those named."""
    for directory in (INTO, BESIDE_HOSTS):
        directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        house = copy(Path(directory))
        speak(house)
        site = Site(house)
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=FLAGS, env=os.environ | fonts(Path(directory))
            )
            for what, go, looks in PICTURES:
                for look in looks if not chosen or what in chosen else []:
                    file = take(browser, site, what, go, look)
                    sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} kB\n")
            for what, go in HOSTS:
                if not chosen or "hosts" in chosen:
                    take(browser, site, what, go, Look(size=DESK), BESIDE_HOSTS / f"{what}.png")
            browser.close()
        finally:
            site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

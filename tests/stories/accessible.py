"""What every page of a story is held to: no complaint of axe-core, and nothing wider than the screen."""

from axe_playwright_python.sync_playwright import Axe


def is_accessible(page) -> None:
    """Fail with axe's report (WCAG 2 rules and best practices) of the page, once it has loaded.

    A click returns when the next page has been answered, before a word of it need have come.
    """
    page.wait_for_load_state()
    report = Axe().run(page)
    assert report.violations_count == 0, f"{page.url}\n{report.generate_report()}"
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(too_wide) <= 0, f"{page.url} is wider than the screen"


def phone(page, scheme: str) -> None:
    """Make the page a small telephone's, in the colour scheme `light` or `dark`."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 780})


def is_handy(page) -> None:
    """Accessible, and every control is at least 44 px high for a thumb (WCAG 2.5.5)."""
    is_accessible(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .btn, select, input, nav a, summary")]
            .filter(element => element.checkVisibility())
            .filter(element => !element.closest(".elsewhere, .form-check, [type=hidden]"))
            .filter(element => element.getBoundingClientRect().height < 43.5)
            .map(element => element.outerHTML.slice(0, 90))"""
    )
    assert small == [], page.url

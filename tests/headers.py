"""What every answer of the site has to carry, whatever it answers."""

import re
from urllib.parse import urljoin, urlsplit

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip
PRIVATE = ("s", "m", "u", "o", "d")
# the phone at the desk
FRAMING = re.compile(r"/desk/letters/[^/]+/draft/text/[a-z]+/")
FRAMED = re.compile(r"/desk/letters/[^/]+/draft/as-read/")
EMBEDDED = ("/embed/",)
WITH_COOKIES = ("/accounts/", "/admin/", "/desk/", "/dev/", "/organisations/")
LANGUAGES = ("", "/ur", "/prs", "/ps")


def plain(path: str) -> str:
    """The path without the prefix of a language."""
    return next((path.removeprefix(p) for p in LANGUAGES if p and path.startswith(f"{p}/")), path)


def check(response) -> None:
    """Items 1 to 8 of the list in docs/security.md."""
    headers, path = response.headers, plain(response.wsgi_request.path)
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";") if part.strip()}
    if path.startswith(EMBEDDED) and response.status_code == 200:
        assert policy - {"frame-ancestors *"} == POLICY - {"frame-ancestors 'none'"}
        assert "X-Frame-Options" not in headers
    elif response.status_code == 200 and FRAMED.fullmatch(path):
        assert policy == POLICY - {"frame-ancestors 'none'"} | {"frame-ancestors 'self'"}
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
    else:
        more = {"sandbox"} if headers["Content-Type"] == "image/webp" else set()
        if response.status_code in {200, 422} and FRAMING.fullmatch(path):
            more = {"frame-src 'self'"}
        assert policy == POLICY | more
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    if "Access-Control-Allow-Origin" in headers:
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "json" in headers["Content-Type"] and not response.cookies
    assert "Access-Control-Allow-Credentials" not in headers
    kind = headers.get("Content-Type", "")
    if kind.startswith("text/") and response.status_code != 304:
        assert "charset=" in kind
    if path.split("/")[1] in PRIVATE:
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
    if not path.startswith(WITH_COOKIES):
        assert "Cookie" not in headers.get("Vary", "")
        assert not response.cookies
    # as a browser reads it: relative to the page, a backslash like a slash
    goal = urlsplit(urljoin(f"http://testserver{path}", headers.get("Location", "/").replace("\\", "/")))
    assert (goal.scheme in {"http", "https"}, goal.netloc) == (True, "testserver"), headers["Location"]

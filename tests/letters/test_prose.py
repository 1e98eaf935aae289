import re
from html.parser import HTMLParser

import pytest

from letters.prose import ATTRIBUTES, TAGS, to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=//evil.example><input name=email><button>Sign</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=x onclick=alert(1)>x</a>",
    "<p onmouseover=alert(1)>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "</article></main><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](<javascript:alert(1)>)",
    "[x](https://ok.example \"' onmouseover='alert(1)\")",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    '![x](x "onerror=alert(1)")',
    "<javascript:alert(1)>",
    "<https://ok.example/'onmouseover='alert(1)>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "```html\n<script>alert(1)</script>\n```",
    "# <img src=x onerror=alert(1)>",
    "> <svg onload=alert(1)>",
    "1. <script>alert(1)</script>",
    "{{ request }} {% load x %}",
    "<b><i>\u202e<script>alert(1)</script>",
]


class Reader(HTMLParser):
    """What a browser would make of it: the tags with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


@pytest.mark.parametrize("markdown", HOSTILE)
def test_t08_only_the_allowed_markup_is_left(markdown):
    for tag, attributes in Reader(to_html(markdown)).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        assert re.match(r"https?:|mailto:|[^:]*$", attributes.get("href", ""))


def test_a_letter_keeps_its_headings_lists_stress_and_quotes():
    html = to_html("## What we ask\n\n1. **Stop** it\n2. *Now*\n\n> quoted\n\n- one\n- two")
    for part in (
        "<h2>What we ask</h2>",
        "<ol>",
        "<strong>Stop</strong>",
        "<em>Now</em>",
        "<blockquote>",
        "<ul>",
    ):
        assert part in html


def test_the_page_keeps_the_only_first_heading():
    assert "<h1" not in to_html("# Shouting\n\nText")


def test_links_vouch_for_nobody():
    assert 'rel="nofollow noopener ugc"' in to_html("[x](https://other.example/)")


def test_typed_markup_is_shown_as_typed():
    assert to_html("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_every_script_passes_untouched():
    words = "کی\u200cها می\u200cروند، پښتو ژبه، हिन्दी, 漢字"
    assert words in to_html(words)

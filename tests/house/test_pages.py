import re

import pytest

from tests.house.places import ROOT, files

pytestmark = pytest.mark.once

TEMPLATES = list(files(".html", ".txt", under=("templates",)))
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+\s*=\s*[\"'{]|javascript:", re.I
)
UNESCAPED = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off")
ELSEWHERE = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I)


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    "line", ['<p style="color: red">', "<script>1</script>", '<a onclick="x()">', "<style>"]
)
def test_inline_script_and_style_are_noticed(line):
    assert INLINE.search(line)


def test_asvs49_script_and_style_lie_in_files():
    assert [name(path) for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_t32_no_page_loads_anything_from_elsewhere():
    assert [name(path) for path in TEMPLATES if ELSEWHERE.search(path.read_text())] == []


@pytest.mark.parametrize("line", ["{{ name|safe }}", "{{ name | safe }}", "{% autoescape off %}"])
def test_unescaped_text_is_noticed(line):
    assert UNESCAPED.search(line)


def test_no_page_leaves_text_unescaped():
    # plain text mails have no markup to protect
    pages = [path for path in TEMPLATES if path.suffix == ".html"]
    assert [name(path) for path in pages if UNESCAPED.search(path.read_text())] == []


def test_a_moment_has_one_form_at_the_desk_and_no_age_of_no_minutes():
    # "c" and "Y-m-d" are for machines, between single quotes
    forms = re.compile(r'\|date(?!:"(?:j F Y|j F Y, H:i|H:i|c)"|:\'(?:c|Y-m-d)\')|\|time(?:since|until)\b')
    desk = [path for path in TEMPLATES if {"desk", "spaces"} & set(path.relative_to(ROOT).parts)]
    assert [name(path) for path in desk if forms.search(path.read_text())] == []


def test_styles_know_no_left_and_right():
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|(?:^|[;{\s])(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    assert [
        name(path) for path in files(".css", under=("static",)) if physical.search(path.read_text())
    ] == []

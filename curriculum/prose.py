"""The small Markdown of the content files: to HTML that Wagtail's rich text accepts, and what it may not hold."""

import re
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"p", "ul", "ol", "li", "b", "i"}
MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>?|javascript:|\bon\w+\s*=\s*[\"']", re.IGNORECASE)
ADDRESS = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:com|org|net|my|gov)(?![a-z])", re.IGNORECASE)
NUMBER = re.compile(
    r"(?<![\d,.])(?:15999|999)(?![\d,.]\d|\d)|(?<!\d)\d{2,4}[- ]\d{3,4}[- ]?\d{3,4}(?!\d)|(?<!\d)1[- ]?800(?!\d)"
)
LINK = re.compile(r"\]\(")
BLOCK_TAG = re.compile(r"<(p|li)[ >]")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("zero").enable(["list", "emphasis"])


@lru_cache(maxsize=8)  # its shape is asked for right after
def to_html(text: str) -> str:
    """Rich text of a content file as HTML of paragraphs, lists and bold; anything else is dropped."""
    html = str(_markdown().render(text))
    for mark, tag in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{mark}>", f"<{tag}>").replace(f"</{mark}>", f"</{tag}>")
    html = re.sub(r"<li>\s*<p>(.*?)</p>\s*", r"<li>\1", html, flags=re.DOTALL)
    return nh3.clean(html, tags=ALLOWED_TAGS, attributes={}).replace("\n", "")


def shape(text: str) -> tuple[str, ...]:
    """The paragraphs and list items of a rich text, in order: `("p", "li", "li")`."""
    return tuple(BLOCK_TAG.findall(to_html(text)))


def fault_in(text: str, *, rich: bool) -> str | None:
    """Why this text may not stand in a content file, as a sentence, or None."""
    if match := MARKUP.search(text):
        return f"HTML or script is not allowed: {match.group(0)!r}. Write plain text."
    if match := LINK.search(text) or ADDRESS.search(text):
        return f"links and web addresses are not allowed: {match.group(0)!r}. Services are listed in services/."
    if match := NUMBER.search(text):
        return f"telephone numbers are not typed: {match.group(0)!r}. The help strip shows them."
    if not rich and "\n" in text:
        return "this field is one plain paragraph. Join the lines (put it behind >-)."
    return None

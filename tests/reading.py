"""A page as its reader meets it: what it says, where it leads, what travels with it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Doctype, Tag
from django.test import Client
from wagtail.models import Page

DOORS = ("/print/", "/account/", "/join/")  # sheets, and pages with tests of their own
NOT_FOLLOWED = ("/x/", "/static/", "/media/", "/documents/", "/admin/")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "data-one", "data-two", "data-help", "summary")


@dataclass(frozen=True)
class Visit:
    """One answer of the site to a visitor without cookies."""

    url: str
    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    html: str

    @property
    def language(self):
        return self.url.split("/")[1]

    @cached_property
    def soup(self):
        return parse(self.html)

    @property
    def links(self):
        """Addresses of this site that the page leads to, without what is behind `#`."""
        found = [urlsplit(urljoin(self.url, link["href"])) for link in self.soup.select("a[href]")]
        ours = [link for link in found if not link.scheme and not link.netloc]
        return [link.path + (f"?{link.query}" if link.query else "") for link in ours]


def parse(html):
    """An answer, a text or a part of a page as a tree, without what `<template>` keeps for later."""
    if isinstance(html, Tag):
        return html
    soup = BeautifulSoup(getattr(html, "content", html), "html.parser")
    for template in soup.find_all("template"):
        template.decompose()
    return soup


def visit(url, **headers):
    response = Client().get(url, headers=headers)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return Visit(
        url=url,
        status=response.status_code,
        headers=dict(response.headers),
        cookies=tuple(response.cookies),
        html=response.content.decode() if is_page else "",
    )


def crawl(starts):
    """Visits the starts and every page that they lead to; sheets to print are left to their own tests."""
    visits, waiting = {}, list(starts)
    while waiting:
        url = waiting.pop(0)
        if url in visits or url.startswith(NOT_FOLLOWED) or any(door in url for door in DOORS):
            continue
        visits[url] = visit(url)
        waiting += visits[url].links
    return visits


def text_nodes(soup, *, skip=()):
    """Every text that a reader sees or hears, one by one: visible words and spoken attributes."""
    skipped = {id(element) for element in skip}

    def counts(element):
        return not any(id(part) in skipped or part.name in ("script", "style") for part in (element, *element.parents))

    for node in soup.find_all(string=True):
        if node.strip() and not isinstance(node, Comment | Doctype) and counts(node.parent):
            yield " ".join(node.split())
    for element in soup.find_all(lambda tag: any(tag.get(name) for name in SPOKEN_ATTRIBUTES)):
        if counts(element):
            yield from (" ".join(element[name].split()) for name in SPOKEN_ATTRIBUTES if element.get(name, "").strip())


def words(html_or_response):
    """The text of the whole page in one line, as it is compared with what should (not) stand there."""
    return " ".join(parse(html_or_response).get_text(" ").split())


def page_at(address, model=Page):
    """The page of the tree at an address: `/ms/student/s2/4/`."""
    return model.objects.get(url_path=address)

"""Pages that explain. Help is a directory of every service; about and privacy end with help."""

import pytest

from curriculum.models import GuidePage, SupportService
from curriculum.models.support import State
from tests.factories import SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def listings(response):
    return parse(response).select(".directory .service")


def listing(client, name):
    return next(each for each in listings(client.get("/en/help/")) if each.h3.get_text() == name)


@in_every_language
@pytest.mark.parametrize("slug", ["help", "about", "privacy"])
def test_it_says_what_it_is_about(public_pages, language, slug):
    page = page_at(f"/{language}/{slug}/", GuidePage)

    soup = public_pages[page.url].soup

    assert soup.h1.get_text() == page.title
    assert soup.select_one(".lead").get_text() == page.introduction
    assert len(soup.select(".lesson-body > .block")) == len(page.body)


@in_every_language
def test_help_lists_every_service_of_its_language_once(public_pages, language):
    names = [service.h3.get_text() for service in public_pages[f"/{language}/help/"].soup.select(".directory .service")]

    shown = SupportService.objects.filter(locale__language_code=language, live=True, state__in=State.showable())
    assert sorted(names) == sorted(shown.values_list("name", flat=True))
    assert len(names) > 4


@in_every_language
def test_what_to_do_in_danger_stands_before_the_services(public_pages, language):
    page = page_at(f"/{language}/help/", GuidePage)

    soup = public_pages[page.url].soup

    blocks = soup.select(".lesson-body > *")
    assert page.body[0].value["heading"] in words(blocks[0])
    assert blocks[1]["class"] == ["directory"]


def test_help_has_no_strip_beside_its_directory(client):
    assert not parse(client.get("/en/help/")).select("aside.help")


@in_every_language
@pytest.mark.parametrize("slug", ["about", "privacy"])
def test_the_others_end_with_the_help_strip(public_pages, language, slug):
    strip = public_pages[f"/{language}/{slug}/"].soup.select_one("aside.help")

    assert "999" in words(strip)
    assert "15999" in words(strip)


@pytest.mark.parametrize("fields", [{"live": False}, {"state": State.CONFLICT}, {"state": State.MEMORY}])
def test_a_draft_listing_is_never_shown(client, fields):
    SupportServiceFactory(name="Only a rumour", **fields)

    assert "Only a rumour" not in words(client.get("/en/help/"))


def test_a_listing_of_another_language_is_not_shown(client):
    SupportServiceFactory(name="Tempat mendengar", language="ms")

    assert "Tempat mendengar" not in words(client.get("/en/help/"))
    assert "Tempat mendengar" in words(client.get("/ms/help/"))


def test_a_listing_says_where_it_was_found_and_that_nobody_called_yet(client):
    SupportServiceFactory(name="A new house", source="A poster", source_year=2024)

    text = words(listing(client, "A new house"))

    assert "Source of 2024; not yet call-tested." in text
    assert "A poster" in text


def test_a_call_tested_listing_says_when(client):
    SupportServiceFactory(name="A tested house", call_tested=True)

    text = words(listing(client, "A tested house"))

    assert "Call-tested on 9 March 2026." in text
    assert "not yet" not in text


def test_an_overdue_listing_drops_to_the_bottom_and_says_so(client):
    SupportServiceFactory(name="An old house", overdue=True, sort_order=-5)

    names = [each.h3.get_text() for each in listings(client.get("/en/help/"))]

    assert names[-1] == "An old house"
    assert "This listing is overdue for a check." in words(listing(client, "An old house"))
    assert "is-overdue" in listing(client, "An old house")["class"]


@pytest.mark.parametrize(
    ("phones", "links"),
    [
        ("15999", ["tel:15999"]),
        ("03-3000 8858", ["tel:+60330008858"]),
        ("016-237 4221, 016-228 4221", ["tel:+60162374221", "tel:+60162284221"]),
        ("1-800-18-2327", ["tel:1800182327"]),
    ],
)
def test_a_number_is_called_by_a_tap(client, phones, links):
    SupportServiceFactory(name="A house", phones=phones)

    assert [link["href"] for link in listing(client, "A house").select("a.call")] == links
    assert phones.split(", ")[0] in words(listing(client, "A house"))


def test_other_sites_do_not_learn_where_a_reader_comes_from(client):
    SupportServiceFactory(name="A house", phones="", whatsapp="019-261 5999", web="example.org/help")

    links = listing(client, "A house").select("a.call")

    assert [link["href"] for link in links] == ["https://wa.me/60192615999", "https://example.org/help"]
    assert all("noreferrer" in link["rel"] for link in links)


def test_an_english_source_is_marked_as_english_on_other_pages(client):
    SupportServiceFactory(name="Tempat mendengar", language="ms", source="A poster")

    sources = parse(client.get("/ms/help/")).select(".directory .source")

    assert sources
    assert {source["lang"] for source in sources} == {"en"}


def test_more_services_cost_no_more_queries(client, django_assert_max_num_queries):
    SupportServiceFactory.create_batch(10)
    client.get("/en/help/")

    with django_assert_max_num_queries(12):
        client.get("/en/help/")

"""A guide for one audience is a card: "A pupil has told me" is one tap away for a teacher, and one A5 sheet."""

import multiprocessing
import re
import subprocess
from concurrent.futures import ProcessPoolExecutor
from io import StringIO

import pytest
import segno
import yaml
from bs4 import BeautifulSoup
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from curriculum import fonts, printables
from curriculum.models import AudiencePage, GuidePage, SupportService
from curriculum.models.support import State
from curriculum.press import TypesettingFailed
from curriculum.printables import CARD
from tests.curriculum.test_printables import (
    WORD,
    HandPress,
    finish,
    joined,
    modules_in,
    press,
    publish,
    publish_listing,
    shelf,
)  # fmt: skip
from tests.curriculum.test_typesetting import typeset_and_listen
from tests.factories import SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES, LESSONS

__all__ = ["press", "shelf"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("printables")]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
TERMS = yaml.safe_load((site_settings.BASE_DIR / "curriculum" / "content" / "terms.yaml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"(?<!\d)(?:999|15999)(?!\d)|\d(?:[ -]?\d){6,}")
A5 = (148, 210)  # millimetres


def address(language):
    return f"/{language}/teacher/a-pupil-has-told-me/"


def card(language="en"):
    return page_at(address(language), GuidePage)


def numbers_in(soup):
    """The numbers that a part of a page offers; any that stands in a sentence is one more."""
    offered = [number.get_text() for number in soup.select("bdi") if NUMBER.fullmatch(number.get_text())]
    rest = parse(str(soup))
    for number in rest.select("bdi"):
        number.decompose()
    return {*offered, *NUMBER.findall(words(rest))}


def allowed(language):
    """The numbers that teachers may see."""
    services = shown_to_teachers(language)
    return {number for service in services for number in (*service.phone_numbers, service.whatsapp) if number}


def shown_to_teachers(language):
    services = SupportService.objects.filter(locale__language_code=language, shown_to__contains="|teacher|", live=True)
    return [service for service in services.order_by("sort_order") if service.may_show]


# One tap away


def ways(soup, language):
    return soup.select(f'main a[href="{address(language)}"]')


@in_every_language
@pytest.mark.parametrize("path", ["teacher/", *[f"{lesson}plan/" for lesson in LESSONS.values()]])
def test_it_is_one_tap_from_every_page_of_a_teacher(public_pages, language, path):
    (link,) = ways(public_pages[f"/{language}/{path}"].soup, language)

    assert link.get_text(strip=True)
    assert not link.find_parent("details")


@in_every_language
@pytest.mark.parametrize("path", LESSONS.values())
def test_on_a_lesson_it_is_the_first_thing_in_the_fold_for_teachers(public_pages, language, path):
    soup = public_pages[f"/{language}/{path}"].soup

    (link,) = ways(soup, language)
    fold = soup.select("main details")[-1]
    assert fold.a == link


@in_every_language
@pytest.mark.parametrize("path", ["", "student/", "student/s2/", "caregiver/", "help/", "student/s2/4/slides/",
                                  "student/s2/4/worksheet/", "student/s2/4/quiz/"])  # fmt: skip
def test_what_pupils_see_does_not_lead_there(public_pages, language, path):
    assert ways(public_pages[f"/{language}/{path}"].soup, language) == []


@in_every_language
def test_it_does_not_lead_to_itself(public_pages, language):
    assert ways(public_pages[address(language)].soup, language) == []


@pytest.mark.parametrize(("kind", "leads"), [("plan", True), ("key", True), ("worksheet", False), ("home-card", False)])
def test_a_teachers_sheet_that_cannot_be_made_leads_there(client, shelf, press, kind, leads):
    press.failure = TypesettingFailed("pdf_too_slow: over 25 seconds")

    soup = parse(client.get(f"/en/student/s2/4/print/{kind}/"))

    assert bool(ways(soup, "en")) == leads


def test_the_plan_on_paper_says_where_it_is():
    lesson = page_at("/ms/student/s2/4/").specific

    html, _assets = printables.compose(lesson, printables.KINDS["plan"])

    assert words(html).count(f"{site_settings.SITE_URL}{address('ms')}") == 1


# What it says


@in_every_language
def test_it_stands_below_the_page_of_teachers(language):
    page = card(language)

    assert page.get_parent().specific == page_at(f"/{language}/teacher/", AudiencePage)
    assert page.audience == "teacher"


@in_every_language
def test_what_to_say_and_what_not_to_do_stand_first_then_danger_and_whom_to_call(public_pages, language):
    page = card(language)

    soup = public_pages[page.url].soup

    first, danger, call, *_rest = soup.select(".lesson-body > *")
    say, avoid = first.find_all(recursive=False)
    assert [point.get_text() for point in say.select("li")] == list(page.body[0].value["points"])
    assert len(say.select("li")) == len(avoid.select("li")) == 3
    assert page.body[2].value["heading"] in words(danger)
    assert [link["href"] for link in call.select("a.call")][:2] == ["tel:999", "tel:15999"]
    assert len(soup.select(".lesson-body .block")) == len(page.body)


@in_every_language
def test_it_says_the_limits_of_secrecy_the_clock_the_duty_and_each_kind_of_school(public_pages, language):
    text = words(public_pages[address(language)].soup.main)

    assert len(card(language).body) == 12
    mcmc = "எம்சிஎம்சி" if language == "ta" else "MCMC"
    assert [needed for needed in ("D11", "24", "72", "792", "19", "2026", "2023", mcmc) if needed not in text] == []
    assert len(public_pages[address(language)].soup.select(".role-card")) == 5


@in_every_language
def test_nothing_is_folded_away_and_nothing_needs_a_script(public_pages, language):
    main = public_pages[address(language)].soup.main

    assert main.select("details, script, [hidden], noscript, dialog") == []


@in_every_language
def test_it_asks_for_nothing_and_keeps_nothing(public_pages, client, language):
    visit = public_pages[address(language)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(visit.url)

    assert visit.soup.select("form, input, textarea, select, button, [contenteditable]") == []
    assert visit.cookies == ()
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


@in_every_language
def test_its_title_in_the_browser_says_nothing_of_the_subject(public_pages, language):
    soup = public_pages[address(language)].soup
    subject = {word.casefold() for word in re.findall(r"\w{3,}", soup.h1.get_text())}

    assert {word.casefold() for word in re.findall(r"\w{3,}", soup.title.get_text())} & subject == set()


@in_every_language
def test_it_uses_no_word_that_we_avoid(public_pages, language):
    text = words(public_pages[address(language)].soup).casefold()

    assert [term for terms in TERMS.values() for term in terms if term.casefold() in text] == []


# Whom to call


@in_every_language
def test_every_service_for_teachers_stands_there_once(public_pages, language):
    names = [service.h3.get_text() for service in public_pages[address(language)].soup.select("main .service")]

    assert names == [service.name for service in shown_to_teachers(language)]
    assert len(names) > 8


@in_every_language
def test_the_only_numbers_are_those_of_services_that_may_show(public_pages, language):
    numbers = numbers_in(public_pages[address(language)].soup.main)

    assert numbers == allowed(language)
    assert {"999", "15999", "03-8884 9352"} < numbers


@in_every_language
def test_every_number_says_its_year_and_that_nobody_called_yet(public_pages, language):
    services = public_pages[address(language)].soup.select("main .service")

    for service, stored in zip(services, shown_to_teachers(language), strict=True):
        assert str(stored.source_year) in words(service.select_one(".verified"))


@pytest.mark.parametrize("fields", [{"live": False}, {"state": State.CONFLICT}, {"state": State.MEMORY}])
def test_a_number_that_nobody_found_in_a_source_never_shows(client, fields):
    SupportServiceFactory(name="Only a rumour", shown_to="|teacher|", **fields)

    assert "Only a rumour" not in words(client.get(address("en")))
    assert "Only a rumour" not in printables.compose(card(), CARD)[0]


def test_a_service_for_pupils_only_is_not_there(client):
    SupportServiceFactory(name="House of pupils", shown_to="|S2|")

    assert "House of pupils" not in words(client.get(address("en")))


def test_it_costs_at_most_twelve_queries(client, django_assert_max_num_queries):
    client.get(address("en"))

    with django_assert_max_num_queries(12):
        client.get(address("en"))


# On paper


@pytest.fixture(scope="module")
def papers(django_db_setup, django_db_blocker, tmp_path_factory):
    """`{language: (html, path of the PDF, what the typesetter complains of)}`"""
    folder, orders = tmp_path_factory.mktemp("cards"), {}
    with django_db_blocker.unblock():
        for language in LANGUAGES:
            orders[language] = printables.compose(card(language), CARD)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        made = {language: pool.submit(typeset_and_listen, *order) for language, order in orders.items()}
        papers = {}
        for language, future in made.items():
            pdf, heard = future.result(timeout=300)
            path = folder / f"{language}.pdf"
            path.write_bytes(pdf)
            papers[language] = (orders[language][0], path, heard)
    return papers


def text_of(path):
    return subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode()


@in_every_language
def test_it_is_one_sheet_of_a5(papers, language):
    _html, path, _heard = papers[language]

    pages = PdfReader(path).pages

    assert len(pages) == 2, "the two sides of one sheet"
    for page in pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == list(A5)


@in_every_language
def test_it_is_set_whole_in_the_shipped_fonts(papers, language):
    html, path, heard = papers[language]
    main = BeautifulSoup(html, "html.parser").main.get_text(" ")

    assert [message for level, message in heard if level == "ERROR" or "glyph" in message] == []
    assert fonts.missing(main) == []
    text = joined(text_of(path))
    assert {word for word in set(re.findall(WORD[language], main)) if word not in text} == set()


@in_every_language
def test_the_paper_holds_every_block_and_the_numbers_that_may_show(papers, language):
    html, path, _heard = papers[language]
    main = BeautifulSoup(html, "html.parser").main

    assert len(main.select(".block")) == len(card(language).body)
    assert numbers_in(main) == allowed(language)
    assert [number for number in allowed(language) if joined(number) not in joined(text_of(path))] == []


@in_every_language
def test_the_paper_is_tagged_neutral_and_dated(papers, language):
    _html, path, _heard = papers[language]
    page, reader = card(language), PdfReader(path)

    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert catalogue["/Lang"] == language
    assert reader.metadata.title == parse(papers[language][0]).title.get_text() != page.title
    assert printables.file_name(page, CARD) == f"card-teacher-{language}.pdf"
    text = text_of(path)
    assert joined(text).count(f"{site_settings.SITE_URL}{page.url}") == 2
    assert str(page.live_revision_id) in text
    assert str(page.last_published_at.year) in text


@in_every_language
def test_the_qr_code_leads_to_the_card_and_stands_where_a_printer_prints(papers, tmp_path, language):
    _html, path, _heard = papers[language]
    code = segno.make(f"{site_settings.SITE_URL}{address(language)}", error="m")
    expected = [[bool(module) for module in row] for row in code.matrix]
    corner = [round(millimetres / 25.4 * 300) for millimetres in (5, 188, 21, 18)]  # the last 4 mm stay white
    cut = [part for name, number in zip("xyWH", corner, strict=True) for part in (f"-{name}", str(number))]

    subprocess.run(["pdftoppm", "-r", "300", *cut, "-png", path, tmp_path / "page"], check=True)

    for page in sorted(tmp_path.glob("page*.png")):
        with Image.open(page) as image:
            assert modules_in(image, len(expected)) == expected


def cards_on(shelf):
    return list(shelf.glob(f"{card().translation_key}-card-*"))


def test_a_visitor_gets_it_in_the_tab_under_a_neutral_name(client, shelf, press):
    response = client.get(f"{address('ta')}print/")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="card-teacher-ta.pdf"'
    assert response["Cache-Control"] == "no-store"


@in_every_language
def test_a_card_that_cannot_be_printed_is_said_calmly(client, shelf, press, language):
    press.failure = TypesettingFailed("pdf_too_slow: over 25 seconds")

    response = client.get(f"{address(language)}print/")

    assert response.status_code == 503
    assert parse(response).select_one(f'main a[href="{address(language)}"]')
    assert "pdf_too_slow" not in response.content.decode()


@pytest.mark.parametrize("slug", ["help", "about", "privacy"])
def test_a_guide_for_everybody_has_no_card(client, shelf, slug):
    assert client.get(f"/en/{slug}/print/").status_code == 404
    assert not shelf.exists()


def test_a_card_that_an_editor_publishes_is_on_the_shelf(shelf, press):
    page = card()
    page.introduction = "Breathe."
    publish(page)

    (path,) = shelf.iterdir()
    assert "Breathe." in path.read_text()
    assert printables.shelve(card(), CARD) == path


def test_a_guide_for_everybody_that_is_published_prints_nothing(shelf, press):
    publish(page_at("/en/help/", GuidePage))

    assert press.printed == []


def test_a_number_that_changes_changes_the_card_of_its_language(shelf, press):
    publish_listing(shown_to_teachers("ms")[3])
    finish()

    (path,) = cards_on(shelf)
    assert "-card-ms." in path.name
    assert "03-1234 5678" in path.read_text()


def test_the_nightly_build_makes_every_card(shelf, monkeypatch):
    hand = HandPress()
    hand.stop = lambda: None
    monkeypatch.setattr("curriculum.management.commands.build_printables.Press", lambda processes: hand)

    call_command("build_printables", stdout=StringIO())

    assert {path.name.split("-card-")[1].split(".")[0] for path in cards_on(shelf)} == set(LANGUAGES)

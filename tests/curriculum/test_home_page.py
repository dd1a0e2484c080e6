"""The first page: choose a language, say who you are, find your year."""

import pytest

from curriculum.models import AudiencePage, CoursePage, HomePage
from tests.factories import SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_greets_in_its_language(client, language):
    home = page_at(f"/{language}/", HomePage)

    soup = parse(client.get(f"/{language}/"))

    assert soup.html["lang"] == language
    assert soup.h1.get_text() == home.headline
    assert soup.select_one(".lead").get_text() == home.introduction


def test_the_headlines_are_four_different_ones(client):
    assert len({parse(client.get(f"/{language}/")).h1.get_text() for language in LANGUAGES}) == 4


@pytest.mark.parametrize(
    ("asked", "language"), [("zh-TW", "zh-hans"), ("ta-MY,en;q=0.5", "ta"), ("en-GB", "en"), ("fr", "ms"), ("", "ms")]
)
def test_the_bare_address_leads_to_the_language_that_the_browser_asks_for(client, asked, language):
    response = client.get("/", headers={"accept-language": asked})

    assert response.status_code == 302
    assert response.headers["Location"] == f"/{language}/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_doors_lead_to_the_three_audiences(client, language):
    doors = parse(client.get(f"/{language}/")).select(".door a")

    assert [door["href"] for door in doors] == [f"/{language}/{name}/" for name in ("student", "caregiver", "teacher")]
    assert [door.get_text() for door in doors] == [
        page_at(f"/{language}/{name}/", AudiencePage).title for name in ("student", "caregiver", "teacher")
    ]


def test_a_door_that_is_not_published_is_not_there(client):
    page_at("/en/teacher/", AudiencePage).unpublish()

    doors = parse(client.get("/en/")).select(".door a")

    assert [door["href"] for door in doors] == ["/en/student/", "/en/caregiver/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pupils_find_their_year_youngest_first(client, language):
    tiers = parse(client.get(f"/{language}/")).select("a.tier")

    assert [tier["href"] for tier in tiers] == [f"/{language}/student/s2/", f"/{language}/student/s3/"]
    assert [tier["data-tier"] for tier in tiers] == ["S2", "S3"]
    assert tiers[0].strong.get_text() == page_at(f"/{language}/student/s2/", CoursePage).stage


def test_the_switch_names_each_language_in_itself_and_marks_this_one(client):
    links = parse(client.get("/ta/")).select("nav.languages a")

    assert [(link["href"], link["lang"], link.get_text()) for link in links] == [
        ("/ms/", "ms", "Bahasa Melayu"),
        ("/en/", "en", "English"),
        ("/zh-hans/", "zh-hans", "简体中文"),
        ("/ta/", "ta", "தமிழ்"),
    ]
    assert [link["lang"] for link in links if link.get("aria-current")] == ["ta"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_stands_on_it(client, language):
    home = page_at(f"/{language}/", HomePage)

    strip = parse(client.get(f"/{language}/")).select_one("aside.help")

    assert home.help_message in words(strip)
    assert "15999" in words(strip)
    assert strip.select_one(f'a[href="/{language}/help/"]')


def test_the_help_strip_stays_short(client):
    SupportServiceFactory.create_batch(6)

    assert len(parse(client.get("/en/")).select("aside.help .service")) == 4


def test_a_meaningless_question_mark_changes_nothing(client):
    response = client.get("/ms/?page=x&language=nonsense")

    assert response.status_code == 200
    assert parse(response).h1.get_text() == page_at("/ms/", HomePage).headline


def test_it_costs_few_queries(client, django_assert_max_num_queries):
    client.get("/en/")

    with django_assert_max_num_queries(12):
        client.get("/en/")

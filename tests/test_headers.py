"""What travels with every public page, and what a glance at it gives away: a crawl of the site in four languages."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext

from curriculum.models import LessonPage
from curriculum.printables import KINDS, file_name
from tests.reading import page_at, visit
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
ROUTES = {
    "", "help/", "about/", "privacy/", "student/", "caregiver/", "teacher/", "student/s2/", "student/s3/",
    "caregiver/p/", "teacher/a-pupil-has-told-me/",
    *[
        f"{lesson}{part}"
        for lesson in ("student/s2/4/", "student/s3/4/", "caregiver/p/4/")
        for part in ("", "slides/", "plan/", "worksheet/", "quiz/")
    ],
}  # fmt: skip
OTHERS = [f"/{language}/{address}" for language in LANGUAGES for address in ("nowhere/", "account/login/")] + [
    "/",
    "/x/",
]
# A glance over a shoulder, the history, the downloads: none of these may show there (reliability.md 5.7).
TELLING = (
    # English
    "consent", "nude", "naked", "deepfake", "abus", "rape", "sex", "porn", "violen", "assault", "victim", "survivor",
    "harass", "grooming", "blackmail", "extort", "intimate", "private part", "fake", "harm",
    # Malay
    "persetujuan", "izin", "bogel", "dera", "aniaya", "rogol", "seks", "lucah", "keganasan", "mangsa", "penyintas",
    "gangguan", "cabul", "ugut", "intim", "sulit", "palsu", "kemudaratan",
    # Chinese
    "同意", "裸", "深伪", "伪造", "换脸", "虐", "强奸", "强暴", "性骚扰", "性侵", "性教育", "色情", "暴力",
    "受害", "幸存", "骚扰", "勒索", "私密", "假的", "伤害",
    # Tamil
    "ஒப்புதல்", "சம்மத", "நிர்வாண", "டீப்ஃபேக்", "ஆழ்போலி", "வன்கொடுமை", "துஷ்பிரயோக", "பலாத்கார", "பாலியல்", "ஆபாச",
    "வன்முறை", "பாதிக்கப்பட்ட", "தொந்தரவு", "மிரட்ட", "அந்தரங்க", "போலி", "தீங்கு",
)  # fmt: skip


def telling(text):
    """The telling words in a text; `sex` inside another word (Essex) counts, to be on the safe side."""
    return [word for word in TELLING if word in text.casefold()]


@pytest.fixture(scope="module")
def every_answer(public_pages, django_db_setup, django_db_blocker):
    """The crawl, and what lies beside it: missing pages, the way in, the way out."""
    with django_db_blocker.unblock():
        return [*public_pages.values(), *[visit(url) for url in OTHERS]]


def policy(answer):
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def test_the_crawl_finds_every_page_in_every_language(public_pages):
    assert set(public_pages) == {f"/{language}/{route}" for language in LANGUAGES for route in ROUTES}


def test_every_link_leads_to_a_page(public_pages):
    assert {url: answer.status for url, answer in public_pages.items() if answer.status != 200} == {}


def test_links_to_sheets_lead_to_sheets_that_there_are(public_pages):
    sheets = {link for answer in public_pages.values() for link in answer.links if "/print/" in link}

    lessons = [
        f"/{language}/{path}/4/" for language in LANGUAGES for path in ("student/s2", "student/s3", "caregiver/p")
    ]
    cards = {f"/{language}/teacher/a-pupil-has-told-me/print/" for language in LANGUAGES}
    assert sheets == {f"{lesson}print/{name}/" for lesson in lessons for name in KINDS} | cards


def test_the_policy_allows_this_site_only(every_answer):
    for answer in every_answer:
        found = policy(answer)
        assert found["default-src"] == ["'none'"], answer.url
        assert {"script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"} <= set(found)
        assert found["base-uri"] == found["frame-ancestors"] == found["object-src"] == ["'none'"]
        sources = {source for allowed in found.values() for source in allowed}
        assert sources <= {"'none'", "'self'"}, answer.url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_every_page_carries_its_protection(every_answer, name, value):
    found = {answer.url: answer.headers.get(name) for answer in every_answer if answer.html}

    assert {url: header for url, header in found.items() if header != value} == {}


def test_no_page_may_use_camera_microphone_or_place(every_answer):
    for answer in every_answer:
        for power in ("camera=()", "microphone=()", "geolocation=()", "display-capture=()"):
            assert power in answer.headers["Permissions-Policy"], answer.url


def test_reading_leaves_no_cookie(every_answer):
    with_cookies = {answer.url: answer.cookies for answer in every_answer if answer.cookies}

    leaving = with_cookies.pop("/x/")  # takes both away
    assert set(leaving) == {"s", "c"}
    assert {url for url in with_cookies if not url.endswith(("/quiz/", "/account/login/"))} == set()
    assert {name for names in with_cookies.values() for name in names} == {"c"}


def test_no_answer_says_what_runs_the_site(every_answer):
    for answer in every_answer:
        assert not {"Server", "X-Powered-By"} & set(answer.headers)
        assert not answer.html or not answer.soup.select("meta[name=generator]")
        assert not re.search(r"wagtail|django", answer.html, re.IGNORECASE), answer.url


def test_nothing_comes_from_another_site(public_pages):
    for url, answer in public_pages.items():
        sources = [element[name] for name in ("src", "srcset", "poster", "data") for element in
                   answer.soup.find_all(attrs={name: True})]  # fmt: skip
        sources += [element["href"] for element in answer.soup.select("link[href], use[href]")]
        sources += [form["action"] for form in answer.soup.select("form[action]")]
        assert sources
        assert [source for source in sources if urlsplit(source).netloc or urlsplit(source).scheme] == [], url
        assert not answer.soup.select("iframe, object, embed, base, style, script:not([src])"), url
        assert not [tag for tag in answer.soup.find_all(True) for name in tag.attrs if name.startswith("on")], url
        assert not answer.soup.select("[style]"), url


def test_every_static_file_of_a_page_is_there(public_pages):
    for url, answer in public_pages.items():
        for element in answer.soup.select('[src^="/static/"], [href^="/static/"]'):
            path = urlsplit(element.get("src") or element.get("href")).path.removeprefix("/static/")
            assert finders.find(path), f"{path} on {url}"


class TestNeutral:
    def test_titles_say_nothing_of_the_subject(self, every_answer):
        titles = {answer.url: answer.soup.title.get_text() for answer in every_answer if answer.html}

        assert all(title.strip() for title in titles.values())
        assert {url: telling(title) for url, title in titles.items() if telling(title)} == {}

    def test_addresses_say_nothing_of_the_subject(self, public_pages):
        addresses = {link for answer in public_pages.values() for link in answer.links}

        assert {address: telling(unquote(address)) for address in addresses if telling(unquote(address))} == {}

    def test_headers_and_cookies_say_nothing_of_the_subject(self, every_answer):
        for answer in every_answer:
            assert telling(f"{answer.headers} {answer.cookies}") == [], answer.url

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_files_say_nothing_of_the_subject(self, language):
        for path in ("student/s2/4", "student/s3/4", "caregiver/p/4"):
            lesson = page_at(f"/{language}/{path}/", LessonPage)
            for kind in KINDS.values():
                name = file_name(lesson, kind)
                assert telling(name) == []
                assert re.fullmatch(r"[a-z0-9-]+\.pdf", name)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_list_would_catch_a_lessons_title(self, language):
        """The titles that we do not show outside the page are telling: else the tests above prove nothing."""
        assert telling(page_at(f"/{language}/student/s3/4/", LessonPage).title)

    def test_no_page_describes_itself_to_other_sites(self, public_pages):
        for answer in public_pages.values():
            assert not answer.soup.select('meta[property^="og:"], meta[name^="twitter:"], meta[name=description]')


class TestLanguage:
    def test_every_page_says_its_language(self, every_answer):
        pages = [answer for answer in every_answer if answer.html and answer.language in LANGUAGES]

        assert len(pages) > 100
        assert {
            answer.url: answer.soup.html["lang"] for answer in pages if answer.soup.html["lang"] != answer.language
        } == {}
        assert {answer.headers["Content-Language"] == answer.language for answer in pages} == {True}

    def test_every_other_language_inside_a_page_is_one_that_there_is(self, public_pages):
        for url, answer in public_pages.items():
            found = {element["lang"] for element in answer.soup.select("[lang]")}
            assert found <= set(LANGUAGES), url

    def test_the_switch_leads_to_the_same_address(self, public_pages):
        for url, answer in public_pages.items():
            if "/slides/" in url:
                continue
            switch = {link["lang"]: link["href"] for link in answer.soup.select("nav.languages a")}
            tail = url.split("/", 2)[2]
            assert switch == {language: f"/{language}/{tail}" for language in LANGUAGES}
            here = [link["lang"] for link in answer.soup.select("nav.languages a[aria-current]")]
            assert here == [answer.language]


class TestStructure:
    def test_every_page_has_one_first_heading(self, every_answer):
        counts = {answer.url: len(answer.soup.select("h1")) for answer in every_answer if answer.html}

        assert {url: count for url, count in counts.items() if count != 1} == {}

    def test_no_heading_is_empty(self, every_answer):
        for answer in every_answer:
            if answer.html:
                assert all(h.get_text().strip() for h in answer.soup.select("h1, h2, h3, h4")), answer.url

    def test_every_image_has_its_alternative(self, every_answer):
        for answer in every_answer:
            if answer.html:
                assert [image["src"] for image in answer.soup.select("img:not([alt])")] == [], answer.url

    def test_pictures_of_the_content_say_what_they_show(self, public_pages):
        silent = {
            url: [image["src"] for image in answer.soup.select('.block img[alt=""]')]
            for url, answer in public_pages.items()
        }

        assert {url: images for url, images in silent.items() if images} == {}

    def test_every_page_has_one_main_part_that_the_first_link_leads_to(self, public_pages):
        for url, answer in public_pages.items():
            assert len(answer.soup.select("main")) == 1
            if "/slides/" not in url:
                assert answer.soup.select("a[href]")[0]["href"] == f"#{answer.soup.main['id']}"

    def test_no_id_stands_twice_and_every_reference_has_its_end(self, public_pages):
        for url, answer in public_pages.items():
            ids = [element["id"] for element in answer.soup.select("[id]")]
            assert len(ids) == len(set(ids)), url
            wanted = {
                id for name in ("aria-labelledby", "aria-describedby", "for")
                for element in answer.soup.find_all(attrs={name: True}) for id in element[name].split()
            }  # fmt: skip
            assert wanted <= set(ids), url

    def test_every_field_has_a_name_that_is_read_out(self, public_pages):
        for url, answer in public_pages.items():
            labels = {label.get("for") for label in answer.soup.select("label")}
            for field in answer.soup.select("select, input:not([type=hidden])"):
                assert field.get("id") in labels - {None} or field.find_parent("label"), url

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_translation_says_that_it_awaits_review(self, public_pages, language):
        with translation.override(language):
            notice = gettext("This language was written with machine help. It awaits a review by native speakers.")

        said = {url for url, answer in public_pages.items() if answer.language == language and notice in answer.html}
        pages = {url for url, answer in public_pages.items() if answer.language == language and "/slides/" not in url}
        assert said == (set() if language == "en" else pages)


class TestFiles:
    @pytest.mark.parametrize("folder", ["documents", "original_images"])
    @pytest.mark.parametrize("prefix", ["", "images/../", "images/%2e%2e/", "images/x/../../"])
    def test_originals_and_documents_are_not_served_by_their_path(self, client, folder, prefix):
        name = default_storage.save(f"{folder}/kite.pdf", ContentFile(b"for one reader only"))

        response = client.get(f"/media/{prefix}{name}", follow=True)

        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in (400, 404)
        assert b"for one reader only" not in content

    def test_an_image_in_a_size_of_a_page_is_served(self, client):
        name = default_storage.save("images/kite.png", ContentFile(b"png"))

        response = client.get(f"/media/{name}")

        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content) == b"png"

    @pytest.mark.parametrize(
        "path", ["../setuju.sqlite3", "%2e%2e/setuju.sqlite3", "images/../../secret_key", "images//etc/passwd"]
    )
    def test_nothing_beside_the_media_is_served(self, client, settings, path):
        for name in ("setuju.sqlite3", "secret_key"):
            (settings.MEDIA_ROOT.parent / name).write_text("canary")

        response = client.get(f"/media/{path}", follow=True)

        assert response.status_code in (400, 404)
        assert b"canary" not in response.content

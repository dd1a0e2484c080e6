"""A certificate: claimed by whoever passed every lesson, printed whole in every script, checked by anybody."""

import re
import subprocess
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from audiences import certificates, qr
from audiences.models import Certificate
from audiences.progress import courses_of
from curriculum import printables
from curriculum.models import CoursePage
from quizzes.models import Attempt, QuizPage
from quizzes.models.attempts import State
from quizzes.versions import current_version
from tests.curriculum.test_typesetting import FAMILIES, extracted, fonts_in, typeset_and_listen
from tests.factories import UserFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
NAMES = {
    "latin": "Nur Aisyah Humaira binti Mohd Khairul Az",
    "latin without a space": "Wolfeschlegelsteinhausenbergerdorffwelch",
    "capitals": "MUHAMMAD WAN AMMAR BIN WAN MOHAMMAD WAZI",
    "tamil": "முத்துலட்சுமி ராமகிருஷ்ணன் கோவிந்தசாமிப்",
    "chinese": "欧阳慧敏" * 10,
}


@pytest.fixture(autouse=True)
def _without_a_past():
    cache.clear()


@pytest.fixture
def course():
    return page_at("/en/caregiver/p/", CoursePage)


def quizzes_below(course):
    return QuizPage.objects.descendant_of(course)


def attempt(user, quiz, *, passed=True, state=State.SUBMITTED):
    return Attempt.objects.create(
        learner=user.learner, quiz=quiz.translation_key, version=current_version(quiz), state=state, passed=passed
    )


def graduate(course, **fields):
    user = UserFactory(**fields)
    for quiz in quizzes_below(course):
        attempt(user, quiz)
    return user


def claim(client, course, name, language="en"):
    return client.post(f"/{language}/account/courses/{course.translation_key}/certificate/", {"name": name})


def certificate_for(course, name="Tan Mei Ling"):
    return Certificate.objects.create(holder=graduate(course), course=course.translation_key, name=name)


class TestProgress:
    @in_every_language
    def test_it_names_what_is_left_and_then_offers_the_certificate(self, client, course, language):
        user = UserFactory()
        client.force_login(user)
        lessons = [quiz.get_parent() for quiz in quizzes_below(page_at(f"/{language}/caregiver/p/"))]

        before = parse(client.get(f"/{language}/account/")).select_one(".course-progress")
        assert [words(link) for link in before.select("li a")] == [lesson.title for lesson in lessons]
        assert not before.select('a[href$="/certificate/"]')
        for quiz in quizzes_below(course):
            attempt(user, quiz)
        after = parse(client.get(f"/{language}/account/")).select_one(".course-progress")

        assert not after.select("li a")
        assert after.select_one('a[href$="/certificate/"]')

    @pytest.mark.parametrize(("passed", "counts"), [(True, True), (None, True), (False, False)])
    def test_a_quiz_without_a_pass_mark_is_passed_when_it_is_handed_in(self, course, passed, counts):
        user = UserFactory()
        for quiz in quizzes_below(course):
            attempt(user, quiz, passed=passed)

        with translation.override("en"):
            assert courses_of(user)[0].is_complete is counts

    @pytest.mark.parametrize("state", [State.OPEN, State.EXPIRED])
    def test_one_that_is_not_handed_in_does_not_count(self, course, state):
        user = UserFactory()
        for quiz in quizzes_below(course):
            attempt(user, quiz, passed=None, state=state)

        with translation.override("en"):
            assert not courses_of(user)[0].is_complete

    def test_another_persons_passes_do_not_count(self, course):
        graduate(course)

        with translation.override("en"):
            assert not courses_of(UserFactory())[0].is_complete

    def test_a_teacher_may_take_the_caregivers_course_and_nobody_a_pupils(self):
        with translation.override("ta"):
            for audience in ("teacher", "caregiver"):
                found = courses_of(UserFactory(audience=audience))
                assert [each.course.slug for each in found] == ["p"]

    def test_it_takes_four_queries(self, django_assert_max_num_queries):
        user = UserFactory()
        with translation.override("en"), django_assert_max_num_queries(4):
            courses_of(user)


class TestClaiming:
    @in_every_language
    def test_a_name_and_a_click_make_it(self, client, course, language):
        user = graduate(course)
        client.force_login(user)

        response = claim(client, course, "  Tan   Mei Ling ", language)

        page = client.get(response.headers["Location"])
        certificate = user.certificates.get()
        assert certificate.name == "Tan Mei Ling"
        assert certificate.code in words(page)
        assert parse(page).select_one(f'a[href="/{language}/account/certificates/{certificate.code}/"]')

    def test_before_the_last_lesson_there_is_no_form_and_no_certificate(self, client, course):
        user = UserFactory()
        client.force_login(user)

        response = claim(client, course, "Tan Mei Ling")

        assert not parse(response).select("main form")
        assert not Certificate.objects.exists()

    def test_a_pupils_course_has_none(self, client):
        student = page_at("/en/student/s2/", CoursePage)
        client.force_login(graduate(student))

        assert claim(client, student, "Tan Mei Ling").status_code == 404
        assert not Certificate.objects.exists()

    def test_it_is_not_open_without_an_account(self, client, course):
        response = claim(client, course, "Tan Mei Ling")

        assert response.headers["Location"].startswith("/en/account/login/")

    def test_a_second_claim_corrects_the_name_and_keeps_the_code(self, client, course):
        user = graduate(course)
        client.force_login(user)
        claim(client, course, "Tan Mei Lin")
        code = user.certificates.get().code

        claim(client, course, "Tan Mei Ling")

        assert (user.certificates.get().code, user.certificates.get().name) == (code, "Tan Mei Ling")

    def test_the_last_name_stands_in_the_form(self, client, course):
        user = certificate_for(course, "Siti Aminah").holder
        client.force_login(user)

        soup = parse(client.get(f"/en/account/courses/{course.translation_key}/certificate/"))

        assert soup.select_one("[name=name]")["value"] == "Siti Aminah"

    @in_every_language
    @pytest.mark.parametrize(
        "name",
        ["", "   ", "x" * 61, "Tan\u202eMei", "Tan\u200bMei", "Tan\u0007Mei", "Tan\u2066Mei", "12345", "Tan 😀", "نور"],
        ids=["empty", "spaces", "long", "turned", "zero width", "bell", "isolate", "digits", "emoji", "no font"],
    )
    def test_a_name_that_cannot_be_printed_is_refused_and_kept_in_the_form(self, client, course, language, name):
        client.force_login(graduate(course))

        soup = parse(claim(client, course, name, language))

        assert words(soup.select_one("main form .errorlist"))
        assert soup.select_one("[name=name]").get("value", "").strip() == name.strip()
        assert not Certificate.objects.exists()

    @pytest.mark.parametrize("name", [*NAMES.values(), "José Ng", "x" * 60, "D'Cruz-Ō'Neil", "க்‌ஷமா"])
    def test_a_name_of_any_of_our_scripts_is_taken(self, name):
        assert certificates.clean_name(name) == name

    def test_two_ways_to_write_a_letter_are_one(self):
        assert certificates.clean_name("Jose\u0301") == "Jos\u00e9"


def pdf_of(certificate, language):
    """The document as the press sets it, and what the typesetting complains of."""
    with translation.override(language):
        return typeset_and_listen(certificates.compose(certificate), printables.drawings())


class TestPrinting:
    @in_every_language
    @pytest.mark.parametrize("script", NAMES)
    def test_a_name_of_forty_characters_is_whole_and_inside_the_page(self, course, language, script):
        name = NAMES[script]
        assert len(name) == 40

        pdf, heard = pdf_of(certificate_for(course, name), language)

        assert "".join(name.split()) in "".join(extracted(pdf).split())
        assert [message for _level, message in heard if ".notdef" in message] == []
        boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
        pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', boxes.stdout.decode())
        assert [(round(float(width)), round(float(height))) for width, height in pages] == [(842, 595)]
        found = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', boxes.stdout.decode())
        assert len(found) > 5
        for left, top, right, bottom in found:
            assert 40 < float(left) < float(right) < 802
            assert 28 < float(top) < float(bottom) < 567

    def test_a_name_that_does_not_shrink_would_not_be_found_inside(self, course, monkeypatch):
        """What the test above looks for does happen: the largest size, and no breaking."""
        monkeypatch.setattr(certificates, "size_of", lambda name: "largest")
        html = certificates.compose(certificate_for(course, NAMES["latin without a space"]))
        pdf, _heard = typeset_and_listen(
            html.replace("</head>", "<style>.certificate-name { white-space: nowrap }</style></head>"),
            printables.drawings(),
        )
        boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)

        assert any(float(right) > 802 for right in re.findall(r'xMax="(.+?)"', boxes.stdout.decode()))

    @in_every_language
    def test_it_says_course_month_code_and_address_in_the_readers_language(self, course, language):
        certificate = certificate_for(course)

        pdf, _heard = pdf_of(certificate, language)

        text = "".join(extracted(pdf).split())
        here = page_at(f"/{language}/caregiver/p/", CoursePage)
        for piece in (certificate.name, here.title, certificate.code, str(certificate.issued_on.year)):
            assert "".join(piece.split()) in text
        assert f"/{language}/certificate/{certificate.code}/" in text
        embedded, named = fonts_in(pdf)
        assert named == set()
        assert embedded <= FAMILIES

    @in_every_language
    def test_it_is_tagged_and_its_title_and_file_name_are_neutral(self, client, course, language, monkeypatch):
        certificate = certificate_for(course)
        client.force_login(certificate.holder)
        monkeypatch.setattr(printables, "PATIENCE", 60)

        response = client.get(f"/{language}/account/certificates/{certificate.code}/")

        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == f'inline; filename="certificate-{certificate.code}.pdf"'
        assert "no-store" in response.headers["Cache-Control"]
        reader = PdfReader(BytesIO(response.content))
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
        assert reader.trailer["/Root"]["/Lang"] == language
        title = page_at(f"/{language}/caregiver/p/", CoursePage).title
        assert certificate.code in reader.metadata.title
        assert title not in reader.metadata.title

    def test_nobody_else_can_print_it(self, client, course):
        certificate = certificate_for(course)
        address = f"/en/account/certificates/{certificate.code}/"
        assert client.get(address).status_code == 302
        client.force_login(UserFactory())

        assert client.get(address).status_code == 404

    def test_a_press_that_fails_is_a_calm_page(self, client, course, monkeypatch):
        certificate = certificate_for(course)
        client.force_login(certificate.holder)

        def fail(order):
            raise printables.PrintingFailed("pdf_press_busy")

        monkeypatch.setattr(printables, "wait_for", fail)
        response = client.get(f"/en/account/certificates/{certificate.code}/")

        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert parse(response).h1


class TestChecking:
    @in_every_language
    def test_anybody_learns_the_course_and_the_month_and_nobody_the_name(self, course, language):
        certificate = certificate_for(course, "Tan Mei Ling")

        response = Client().get(f"/{language}/certificate/{certificate.code}/")

        text = words(response)
        assert response.status_code == 200
        assert page_at(f"/{language}/caregiver/p/").title in text
        assert str(certificate.issued_on.year) in text
        assert certificate.code in text
        assert "Tan Mei Ling" not in response.content.decode()
        assert certificate.holder.email not in response.content.decode()
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("typed", ["{}", " {} ", "{small}", "{first}-{last}", "{first} {last}"])
    def test_a_code_is_found_as_people_type_it(self, client, course, typed):
        code = certificate_for(course).code
        typed = typed.format(code, small=code.lower(), first=code[:5], last=code[5:])

        response = client.get("/en/certificate/", {"code": typed})

        assert response.headers["Location"] == f"/en/certificate/{code}/"

    @in_every_language
    @pytest.mark.parametrize("code", ["AAAAAAAAAA", "x", "-"])
    def test_an_unknown_code_is_not_found_and_may_be_typed_again(self, client, language, code):
        response = client.get(f"/{language}/certificate/{code}/")

        soup = parse(response)
        assert response.status_code == 404
        assert soup.html["lang"] == language
        assert soup.select_one("[role=alert]")
        assert soup.select_one("main form [name=code]")["value"] == code
        assert response.headers["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("typed", ["", "   ", "é", "'", "😀"])
    def test_what_is_no_code_is_answered_by_the_form(self, client, typed):
        response = client.get("/en/certificate/", {"code": typed})

        assert response.status_code == 200
        assert parse(response).select_one("main form [name=code]")

    @pytest.mark.parametrize(
        ("typed", "status"), [("tan mei  LING", "status"), ("Tan Mei", "alert"), ("Somebody Else", "alert")]
    )
    def test_it_says_whether_a_name_is_the_printed_one(self, client, course, typed, status):
        certificate = certificate_for(course, "Tan Mei Ling")

        soup = parse(client.post(f"/en/certificate/{certificate.code}/", {"name": typed}))

        assert soup.select_one(f"main [role={status}]")
        assert not soup.select(f"main [role={'alert' if status == 'status' else 'status'}]")

    def test_names_cannot_be_guessed(self, client, course):
        certificate, other = certificate_for(course, "Tan Mei Ling"), certificate_for(course, "Siti")
        for number in range(5):
            answer = client.post(f"/en/certificate/{certificate.code}/", {"name": f"Guess {number}"})
            assert answer.status_code == 200

        late = Client().post(f"/en/certificate/{certificate.code}/", {"name": "Tan Mei Ling"}, REMOTE_ADDR="192.0.2.9")

        assert late.status_code == 429
        assert not parse(late).select("main [role=status]")
        assert client.get(f"/en/certificate/{certificate.code}/").status_code == 200
        assert parse(client.post(f"/en/certificate/{other.code}/", {"name": "Siti"})).select("main [role=status]")

    def test_right_names_do_not_count(self, client, course):
        certificate = certificate_for(course, "Tan Mei Ling")

        for _time in range(9):
            response = client.post(f"/en/certificate/{certificate.code}/", {"name": "Tan Mei Ling"})

        assert parse(response).select_one("main [role=status]")

    def test_the_code_on_paper_leads_here(self, course, settings):
        settings.SITE_URL = "https://setuju.example"
        certificate = certificate_for(course)

        with translation.override("ms"):
            html = certificates.compose(certificate)

        address = f"https://setuju.example/ms/certificate/{certificate.code}/"
        assert qr.path(address) in html
        assert address in html

    def test_it_outlives_the_course(self, client, course):
        certificate = certificate_for(course)
        CoursePage.objects.filter(translation_key=course.translation_key).update(live=False)

        assert course.title in words(client.get(f"/en/certificate/{certificate.code}/"))

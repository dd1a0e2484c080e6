"""`class/`: a teacher's classes, with no place for a pupil's name."""

import pytest
from django.test import Client

from audiences import class_sessions
from audiences.class_forms import looks_personal
from audiences.models import Classroom, ClassSession, Seat, Tally
from quizzes.models import Attempt, QuizVersion
from tests.audiences.running import Pupil, opened
from tests.factories import ClassroomFactory, EditorFactory, UserFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
FILLED = {"label": "3 Bestari", "tier": "S3", "size": "38", "languages": ["ms", "ta"]}


def lesson(language="en"):
    return page_at(f"/{language}/student/s3/4/").specific


class TestTheList:
    @in_every_language
    def test_it_says_why_there_is_no_list_of_pupils(self, desk, language):
        page = parse(desk.get(f"/{language}/class/"))
        assert page.html["lang"] == language
        assert len(words(page.select_one("aside.panel"))) > 40
        assert page.select_one('a[href$="/teacher/a-pupil-has-told-me/"]')

    def test_it_holds_ones_own_classes_and_what_runs_now(self, desk, teacher):
        mine, running = ClassroomFactory(teacher=teacher, label="2 Cemerlang"), opened(teacher)
        theirs = ClassroomFactory(label="Somebody else's")
        text = words(parse(desk.get("/en/class/")).main)
        assert mine.label in text
        assert running.code in text
        assert theirs.label not in text

    def test_a_visitor_signs_in_first(self):
        assert Client().get("/ta/class/")["Location"] == "/ta/account/login/?next=/ta/class/"

    @in_every_language
    def test_a_caregiver_is_told_where_that_is_changed(self, language):
        desk = Client()
        desk.force_login(UserFactory())
        response = desk.get(f"/{language}/class/")
        assert response.status_code == 403
        assert parse(response).select_one(f'main a[href="/{language}/account/"]')

    def test_an_editor_may_run_a_class(self):
        desk = Client()
        desk.force_login(EditorFactory())
        assert desk.get("/en/class/").status_code == 200


class TestMakingOne:
    def test_a_class_has_a_label_a_year_a_size_languages_and_lessons(self, desk, teacher):
        key = str(lesson().translation_key)
        response = desk.post("/ta/class/new/", FILLED | {"lessons": [key]})
        made = Classroom.objects.get(teacher=teacher)
        assert response["Location"] == f"/ta/class/{made.id}/"
        assert (made.label, made.tier, made.size, made.languages, made.lessons) == (
            "3 Bestari", "S3", 38, ["ms", "ta"], [key]
        )  # fmt: skip
        for language in LANGUAGES:
            page = parse(desk.get(f"/{language}/class/{made.id}/"))
            assert lesson(language).title in words(page.main)

    def test_no_field_asks_for_a_pupil(self, desk):
        form = parse(desk.get("/en/class/new/")).select_one("main form")
        names = {field["name"] for field in form.select("input, select, textarea")} - {"csrfmiddlewaretoken"}
        assert names == {"label", "tier", "size", "languages", "lessons"}

    @pytest.mark.parametrize(
        "label",
        ["Siti binti Ahmad", "Muthu a/l Raman", "011-2345 6789", "090412-14-5678", "Tan Wei Ming", "AHMAD BIN ALI"],
    )
    def test_a_label_like_a_name_or_number_is_asked_about_and_stays_typed(self, desk, label):
        response = desk.post("/en/class/new/", FILLED | {"label": label})
        page = parse(response)
        assert response.status_code == 400
        assert page.select_one("[name=label]")["value"] == label
        assert page.select_one("[name=keep_label]")
        assert not Classroom.objects.exists()
        assert desk.post("/en/class/new/", FILLED | {"label": label, "keep_label": "on"}).status_code == 302

    @pytest.mark.parametrize(
        "label", ["3 Bestari", "Kelas Isnin", "5A", "三年级甲班", "வகுப்பு 4", "Form 2 Monday", "Year 4"]
    )
    def test_an_ordinary_label_is_not(self, label):
        assert not looks_personal(label)

    @in_every_language
    @pytest.mark.parametrize(
        "wrong",
        [{"label": ""}, {"label": "\u200d"}, {"label": "x" * 41}, {"tier": "S9"}, {"size": "0"}, {"size": "61"},
         {"size": "many"}, {"size": "3.5"}, {"languages": []}, {"languages": ["xx"]}, {"lessons": ["nonsense"]}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_in_ones_language(self, desk, language, wrong):
        response = desk.post(f"/{language}/class/new/", FILLED | wrong)
        assert response.status_code == 400
        assert words(parse(response).select_one(".errorlist"))
        assert not Classroom.objects.exists()

    def test_invisible_characters_in_a_label_are_not_kept(self, desk):
        desk.post("/en/class/new/", FILLED | {"label": "3\x0bBestari \u202e"})
        assert Classroom.objects.get().label == "3 Bestari"

    def test_it_can_be_changed(self, desk, teacher):
        made = ClassroomFactory(teacher=teacher)
        desk.post(f"/en/class/{made.id}/edit/", FILLED | {"label": "4 Bestari"})
        made.refresh_from_db()
        assert (made.label, made.teacher) == ("4 Bestari", teacher)

    def test_deleting_it_deletes_sessions_seats_answers_and_tallies(self, desk, teacher):
        running = opened(teacher)
        Pupil().join(running.code)
        Tally.objects.create(session=running, item="x", source="paper")
        response = desk.post(f"/en/class/{running.classroom_id}/delete/")
        assert response["Location"] == "/en/class/"
        assert [model.objects.count() for model in (Classroom, ClassSession, Seat, Attempt, Tally)] == [0] * 5

    def test_it_is_not_deleted_by_a_link(self, desk, teacher):
        made = ClassroomFactory(teacher=teacher)
        assert desk.get(f"/en/class/{made.id}/delete/").status_code == 405
        assert Classroom.objects.exists()

    def test_another_teachers_class_is_not_found(self, desk):
        other = ClassroomFactory()
        for path in ("", "edit/", f"open/{lesson().translation_key}/"):
            assert desk.get(f"/en/class/{other.id}/{path}").status_code == 404
        assert desk.post(f"/en/class/{other.id}/delete/").status_code == 404
        assert desk.post(f"/en/class/{other.id}/edit/", FILLED).status_code == 404


class TestOpeningASession:
    def address(self, classroom, language="en"):
        return f"/{language}/class/{classroom.id}/open/{lesson().translation_key}/"

    @in_every_language
    def test_it_shows_what_each_length_keeps(self, desk, teacher, language):
        page = parse(desk.get(self.address(ClassroomFactory(teacher=teacher), language)))
        fits = page.select(".fits section")
        assert len(fits) == 3
        for activity in lesson(language).activities.all():
            assert all(activity.title in words(fit) for fit in fits)

    def test_it_opens_with_the_questions_that_were_not_left_out(self, desk, teacher):
        classroom = ClassroomFactory(teacher=teacher)
        page = parse(desk.get(self.address(classroom)))
        gone = page.select("[name=dropped]")[0]["value"]
        response = desk.post(self.address(classroom), {"minutes": "30", "dropped": [gone]})
        session = ClassSession.objects.get()
        assert response["Location"] == f"/en/session/{session.id}/"
        assert session.minutes == 30
        assert gone not in {item["id"] for item in class_sessions.items_of(session, "ms")}

    def test_leaving_all_questions_out_is_refused(self, desk, teacher):
        classroom = ClassroomFactory(teacher=teacher)
        boxes = parse(desk.get(self.address(classroom))).select("[name=dropped]")
        response = desk.post(self.address(classroom), {"minutes": "30", "dropped": [box["value"] for box in boxes]})
        assert response.status_code == 400
        assert not ClassSession.objects.exists()

    @pytest.mark.parametrize("wrong", [{"minutes": "31"}, {"minutes": ""}, {"minutes": "40", "dropped": ["nonsense"]}])
    def test_a_length_or_question_that_is_not_there_is_refused(self, desk, teacher, wrong):
        assert desk.post(self.address(ClassroomFactory(teacher=teacher)), wrong).status_code == 400
        assert not ClassSession.objects.exists()

    def test_the_same_questions_are_one_version(self, desk, teacher):
        classroom = ClassroomFactory(teacher=teacher)
        desk.post(self.address(classroom), {"minutes": "30"})
        desk.post(self.address(classroom), {"minutes": "60"})
        assert QuizVersion.objects.count() == 1

    def test_an_unknown_lesson_is_not_found(self, desk, teacher):
        classroom = ClassroomFactory(teacher=teacher)
        assert desk.get(f"/en/class/{classroom.id}/open/{classroom.id}/").status_code == 404

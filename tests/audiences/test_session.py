"""The teacher's own screen, the wall, what is printed, and the numbers typed from paper."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audiences import class_sessions, session_views
from audiences.models import ClassSession, Tally
from audiences.models.classes import Source
from tests.audiences.running import Pupil, opened, opened_with_every_item
from tests.factories import UserFactory
from tests.quizzes.answering import all_feedback, response
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def session(teacher):
    return opened(teacher)


def at(session, path="", language="en"):
    return f"/{language}/session/{session.id}/{path}"


def act(desk, session, *, json=False, **fields):
    return desk.post(at(session, "act/"), fields, headers={"Accept": "application/json"} if json else {})


def state_of(desk, session, path=""):
    """What the teacher's screen or the wall learns when it asks."""
    return desk.get(parse(desk.get(at(session, path))).select_one("[data-state]")["data-state"]).json()


def claim_of(session):
    return next(item for item in class_sessions.items_of(session, "en") if item["type"] == "true-false")


class TestTheTeachersScreen:
    @in_every_language
    def test_it_shows_code_notes_and_questions_in_ones_language(self, desk, session, language):
        page = parse(desk.get(at(session, language=language)))
        assert session.code in words(page.main)
        asked = class_sessions.items_of(session, language)
        assert [words(prompt) for prompt in page.select(".questions .prompt")][-1] == asked[-1]["prompt"]
        assert page.select("#plan-title ~ details")
        assert page.select_one('a[href$="/teacher/a-pupil-has-told-me/"]')

    def test_it_counts_who_is_in_and_who_has_finished_and_nothing_else(self, desk, session):
        pupils = [Pupil() for _ in range(6)]
        for pupil in pupils:
            pupil.join(session.code)
            pupil.save(claim_of(session), "true")
        state = state_of(desk, session)
        assert (state["joined"], state["finished"], state["revealed"]) == (6, 0, [])
        assert set(state) == {
            "open", "place", "screen", "locked", "joined", "finished", "crowded", "left", "revealed"
        }  # fmt: skip

    def test_the_wall_learns_the_same(self, desk, session):
        Pupil().join(session.code)
        assert state_of(desk, session, "wall/") == state_of(desk, session)

    def test_asking_costs_three_queries(self, desk, session, django_assert_num_queries):
        address = parse(desk.get(at(session))).select_one("[data-state]")["data-state"]
        with django_assert_num_queries(3):
            desk.get(address)

    @pytest.mark.parametrize("key", ["x", "{key}x", "ы", "{other}"])
    def test_its_numbers_are_for_who_has_the_key_of_this_session(self, session, key):
        other = opened()
        key = key.format(key=session_views.key_of(session.id), other=session_views.key_of(other.id))
        assert Client().get(at(session, f"state/{key}/")).status_code == 404
        assert Client().get(at(session, "state/")).status_code == 404

    def test_whoever_asks_after_four_hours_closes_it(self, desk, session):
        address = parse(desk.get(at(session))).select_one("[data-state]")["data-state"]
        ClassSession.objects.update(opened_at=timezone.now() - timedelta(hours=4, seconds=1))
        assert not desk.get(address).json()["open"]
        session.refresh_from_db()
        assert not session.is_open

    def test_more_than_the_class_are_told_and_can_be_locked_out(self, desk, session):
        session.classroom.size = 2
        session.classroom.save()
        for _ in range(3):
            Pupil().join(session.code)
        page = parse(desk.get(at(session)))
        assert not page.select_one("#crowded").has_attr("hidden")
        assert state_of(desk, session)["crowded"]
        act(desk, session, do="lock")
        assert Pupil().join(session.code).status_code == 404
        act(desk, session, do="lock")
        assert Pupil().join(session.code).status_code == 302

    def test_it_turns_the_slides_without_script(self, desk, session):
        for place, expected in (("next", 1), ("next", 2), ("back", 1), ("7", 7), ("back", 6)):
            assert act(desk, session, do="go", place=place).status_code == 302
            session.refresh_from_db()
            assert session.place == expected

    @pytest.mark.parametrize(
        "fields",
        [{}, {"do": "dance"}, {"do": "go", "place": "-3"}, {"do": "go", "place": "1e9"}, {"do": "go", "place": "99999"},
         {"do": "screen", "screen": "names"}, {"do": "go", "place": "²"}],
    )  # fmt: skip
    def test_a_button_that_is_not_there_changes_nothing_and_says_so(self, desk, session, fields):
        before = ClassSession.objects.filter(id=session.id).values().get()
        page = parse(desk.get(act(desk, session, **fields)["Location"]))
        assert words(page.select_one(".notice"))
        assert ClassSession.objects.filter(id=session.id).values().get() == before

    def test_pause_and_blank_are_pressed_again_to_go_on(self, desk, session):
        for screen in ("pause", "blank"):
            assert act(desk, session, json=True, do="screen", screen=screen).json()["screen"] == screen
            assert act(desk, session, json=True, do="screen", screen=screen).json()["screen"] == "slides"

    def test_revealing_too_early_says_why(self, desk, session):
        response = act(desk, session, do="reveal", item=claim_of(session)["id"])
        path, _, anchor = response["Location"].partition("#")
        page = parse(desk.get(path))
        assert "Ten" in words(page.select_one(".notice"))
        assert claim_of(session)["prompt"] in words(page.select_one(f"#{anchor}"))
        assert act(desk, session, json=True, do="reveal", item="x" * 999).json()["notice"]
        assert act(desk, session, json=True, do="reveal", item="\x00").json()["notice"]

    def test_revealing_shows_the_bars_to_wall_and_teacher(self, desk, session):
        claim = claim_of(session)
        for _ in range(12):
            pupil = Pupil()
            pupil.join(session.code)
            pupil.save(claim, "true")
        assert desk.get(at(session, f"revealed/{claim['id']}/")).status_code == 404
        state = act(desk, session, json=True, do="reveal", item=claim["id"]).json()
        assert (state["revealed"], state["notice"]) == ([claim["id"]], "")
        assert parse(desk.get(at(session, f"revealed/{claim['id']}/"))).select(".bars tr")
        assert parse(desk.get(at(session))).select(".questions .bars")

    def test_numbers_from_paper_do_not_take_reveal_away(self, desk, session):
        Tally.objects.create(session=session, item=claim_of(session)["id"], source=Source.PAPER, answered=20)
        page = parse(desk.get(at(session)))
        assert page.select_one(f".questions form input[value='{claim_of(session)['id']}']")

    def test_closing_leads_to_the_results_and_so_does_the_old_address(self, desk, session):
        act(desk, session, do="close")
        assert not ClassSession.objects.open().exists()
        assert desk.get(at(session))["Location"] == at(session, "results/")
        assert act(desk, session, json=True, do="go", place="3").json()["open"] is False

    @in_every_language
    def test_when_it_ends_the_wall_says_so_and_shows_nothing_that_was_not_revealed(self, desk, session, language):
        claim = claim_of(session)
        Tally.objects.create(session=session, item=claim["id"], source=Source.PAPER, answered=30, right=15)
        act(desk, session, do="close")
        page = parse(desk.get(at(session, "wall/", language)))
        assert claim["prompt"] not in words(page)
        assert session.classroom.label not in words(page)
        assert not page.select(".chart, .bars, [data-state]")

    @pytest.mark.parametrize("path", ["results/docx/", "sheet/names/"])
    def test_what_is_not_made_is_not_found(self, desk, session, path):
        assert desk.get(at(session, path), follow=True).status_code == 404

    def test_an_address_without_a_session_is_not_found(self, desk):
        for path in ("session/{}/results/csv/", "session/{}/sheet/cards/", "class/{}/results/pdf/"):
            assert desk.get(f"/en/{path.format('-' * 36)}").status_code == 404

    def test_two_teachers_run_two_sessions_at_once(self, desk, session):
        other = opened()
        act(desk, session, do="close")
        assert list(ClassSession.objects.open()) == [other]

    def test_another_teachers_session_is_not_found(self, desk):
        other = opened()
        for path in ("", "wall/", "paper/", "results/", "sheet/slips/", "revealed/x/"):
            assert desk.get(at(other, path)).status_code == 404
        assert act(desk, other, do="close").status_code == 404
        assert ClassSession.objects.open().exists()

    def test_a_caregiver_is_told_that_it_is_for_teachers(self, session):
        desk = Client()
        desk.force_login(UserFactory())
        assert desk.get(at(session)).status_code == 403


class TestTheWall:
    @in_every_language
    def test_it_shows_the_code_the_lesson_and_every_question(self, desk, session, language):
        page = parse(desk.get(at(session, "wall/", language)))
        assert words(page.select_one(".join-code")) == session.code
        assert page.select_one(".join-qr svg")
        asked = class_sessions.items_of(session, language)
        assert [words(idea.h2) for idea in page.select(".item-idea")] == [item["prompt"] for item in asked]
        assert page.select_one("#help-slide")

    def test_it_holds_no_key_no_feedback_and_nobodys_picture(self, desk, teacher):
        session = opened_with_every_item(teacher)
        pupil = Pupil()
        pupil.join(session.code)
        text = desk.get(at(session, "wall/")).content.decode()
        for item in class_sessions.items_of(session, "en"):
            assert [told for told in all_feedback(item) if told in text] == []
        assert words(pupil.page("seat/").select_one(".seat-name")) not in text


class TestOnPaper:
    @in_every_language
    @pytest.mark.parametrize("name", ["slips", "cards", "tally"])
    def test_each_sheet_is_there_to_print(self, desk, session, language, name):
        page = parse(desk.get(at(session, f"sheet/{name}/", language)))
        assert page.html["lang"] == language
        if name == "slips":
            assert len(page.select(".slip")) == session.classroom.size
            assert all(session.code in words(slip) for slip in page.select(".slip"))
        if name == "tally":
            assert len(page.select(".tally-sheet section")) == len(class_sessions.items_of(session, language))

    def test_slips_of_a_closed_session_are_gone(self, desk, session):
        class_sessions.close(session)
        assert desk.get(at(session, "sheet/slips/")).status_code == 404

    def test_four_numbers_make_a_tally_like_that_of_forty_phones(self, desk, teacher):
        session = opened_with_every_item(teacher)
        asked = class_sessions.items_of(session, "en")
        typed = {}
        for number, item in enumerate(asked, 1):
            given = thirteen(item)
            for place, part in enumerate(class_sessions.tallies.parts(item)):
                typed[f"{number}-part{place}"] = given.chosen.get(part, 0)
            typed |= {f"{number}-answered": 13, f"{number}-right": given.right}
        posted = desk.post(at(session, "paper/"), typed)
        assert posted["Location"] == at(session, "results/")
        for item in asked:
            given = thirteen(item)
            kept = session.tallies.get(item=item["id"], source=Source.PAPER).counts
            assert kept == given

    def test_46_for_a_class_of_40_is_asked_about_and_kept_if_so(self, desk, session):
        typed = {"1-part0": "46"}
        asked = desk.post(at(session, "paper/"), typed)
        assert asked.status_code == 400
        page = parse(asked)
        assert "46" in words(page.select_one(".counts"))
        assert page.select_one('[name="1-part0"]')["value"] == "46"
        assert not Tally.objects.exists()
        assert desk.post(at(session, "paper/"), typed | {"1-keep": "on"}).status_code == 302
        assert Tally.objects.get().answered == 46

    @pytest.mark.parametrize("number", ["-1", "2.5", "many", "1e3", "99999", "½", "９a"])
    def test_what_is_no_count_is_refused_and_stays_typed(self, desk, session, number):
        answer = desk.post(at(session, "paper/"), {"1-part0": number, "2-part0": "7"})
        page = parse(answer)
        assert answer.status_code == 400
        assert page.select(".counts .errorlist")
        assert page.select_one('[name="2-part0"]')["value"] == "7"
        assert not Tally.objects.exists()

    def test_fewer_answers_than_one_choice_has_cannot_be(self, desk, teacher):
        session = opened_with_every_item(teacher)
        asked = class_sessions.items_of(session, "en")
        number = next(n for n, item in enumerate(asked, 1) if item["type"] == "multiple-choice")
        posted = desk.post(at(session, "paper/"), {f"{number}-part0": "9", f"{number}-answered": "3"})
        assert posted.status_code == 400

    def test_numbers_may_be_typed_after_the_close_and_mended(self, desk, session):
        class_sessions.close(session)
        desk.post(at(session, "paper/"), {"1-part0": "9"})
        assert parse(desk.get(at(session, "paper/"))).select_one('[name="1-part0"]')["value"] == "9"
        desk.post(at(session, "paper/"), {"1-part0": "12"})
        assert Tally.objects.get().answered == 12
        desk.post(at(session, "paper/"), {})
        assert not Tally.objects.exists()

    def test_under_five_from_paper_are_kept_and_not_shown(self, desk, session):
        desk.post(at(session, "paper/"), {"1-part0": "4"})
        assert Tally.objects.get().answered == 4
        assert not parse(desk.get(at(session, "results/"))).select(".bars")


def thirteen(item):
    """The tally of seven who answer rightly and six who do not."""
    return class_sessions.counts(item, [response(item, right=place < 7) for place in range(13)])

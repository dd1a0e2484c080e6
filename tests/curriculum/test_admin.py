"""The editor's side: every field there, previews like the page, plain errors, one way in."""

import io
import json
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from PIL import Image as Picture
from PIL import ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_factories import ImageFactory
from wagtail_localize.models import Translation

from curriculum.models import AudiencePage, CoursePage, GuidePage, HomePage, LessonPage, SupportService, Topic
from quizzes.models import QuizPage
from tests.editing import edit_url, posted
from tests.factories import PASSWORD, EditorFactory, SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
PAGES = [
    ("/en/", HomePage),
    ("/en/student/", AudiencePage),
    ("/en/student/s2/", CoursePage),
    ("/en/student/s2/4/", LessonPage),
    ("/en/student/s3/4/", LessonPage),
    ("/en/caregiver/p/4/", LessonPage),
    ("/en/student/s2/4/quiz/", QuizPage),
    ("/en/student/s3/4/quiz/", QuizPage),
    ("/en/caregiver/p/4/quiz/", QuizPage),
    ("/en/help/", GuidePage),
]
of_every_page = pytest.mark.parametrize(("address", "model"), PAGES)
of_every_kind = pytest.mark.parametrize(
    ("address", "model"), {model: (address, model) for address, model in reversed(PAGES)}.values()
)
DOORS = ("/admin/login/", "/_util/login/", "/admin/password_reset/", "/admin/password_reset/done/")
DOORS_IN_A_LANGUAGE = tuple(f"/{language}/_util/login/" for language in LANGUAGES)


@pytest.fixture
def editor(client):
    """An editor's browser, which asks for English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(EditorFactory())
    return client


@pytest.fixture(autouse=True)
def _no_printing(monkeypatch):
    """Publishing prints sheets; that has tests of its own."""
    monkeypatch.setattr("curriculum.printables.shelve_quietly", lambda lesson, kind: True)


def all_addresses(patterns, prefix=""):
    """Every address of the site that needs no argument."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(pattern, URLPattern):
            if not any(sign in route for sign in "<(^*+[\\"):
                yield f"/{route}"
        else:
            yield from all_addresses(pattern.url_patterns, route)


class TestOneDoor:
    @pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/snippets/"])
    @pytest.mark.parametrize(("asked", "language"), [("", "ms"), ("ta", "ta")])
    def test_nobody_enters_without_signing_in(self, client, address, asked, language):
        response = client.get(address, headers={"accept-language": asked})

        assert response.status_code == 302
        assert response.headers["Location"] == f"/{language}/account/login/?next={address}"

    @pytest.mark.parametrize("address", DOORS)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_frameworks_own_doors_lead_to_ours(self, client, address, language):
        response = client.get(f"{address}?next=/admin/pages/", headers={"accept-language": language}, follow=True)

        address, status = response.redirect_chain[-1]
        assert (unquote(address), status) == (f"/{language}/account/login/?next=/admin/pages/", 302)
        assert response.status_code == 200

    @pytest.mark.parametrize("address", DOORS_IN_A_LANGUAGE)
    def test_so_do_those_below_a_language(self, client, address):
        response = client.get(f"{address}?next=/admin/pages/")

        assert response.status_code == 302
        assert response.headers["Location"] == f"/{address.split('/')[1]}/account/login/?next=/admin/pages/"

    @pytest.mark.parametrize("address", [*DOORS, *DOORS_IN_A_LANGUAGE])
    def test_they_take_no_password(self, client, address):
        editor = EditorFactory()

        response = client.post(address, {"username": editor.email, "login": editor.email, "password": PASSWORD})

        assert response.status_code in (302, 404, 405)
        assert "_auth_user_id" not in client.session

    @pytest.mark.filterwarnings("ignore:Cache key")
    def test_no_other_address_of_the_site_takes_one(self, client):
        editor = EditorFactory()
        addresses = sorted(set(all_addresses(get_resolver().url_patterns)))
        doors = [address for address in addresses if address.endswith("/account/login/")]
        assert len(addresses) > 60
        assert len(doors) == 1

        for address in addresses:
            if address not in doors:
                fields = {"username": editor.email, "email": editor.email, "login": editor.email, "password": PASSWORD}
                client.post(address, fields)
                assert "_auth_user_id" not in client.session, address

    def test_a_session_that_ended_leads_back_to_the_door(self, editor):
        assert editor.get("/admin/").status_code == 200

        editor.post("/en/account/logout/")

        assert editor.get("/admin/").status_code == 302


class TestHome:
    @pytest.mark.parametrize(
        "part",
        ["", "pages/", "images/", "documents/", "snippets/", "users/", "sites/", "locales/", "reports/site-history/"],
    )
    def test_every_part_of_the_admin_opens(self, editor, part):
        assert editor.get(f"/admin/{part}").status_code == 200

    @pytest.mark.parametrize(("asked", "language"), [("en", "en"), ("zh-CN", "zh-hans"), ("ms", "en"), ("ta", "en")])
    def test_it_speaks_a_language_that_the_admin_is_translated_into(self, editor, asked, language):
        response = editor.get("/admin/", headers={"accept-language": asked})

        assert parse(response).html["lang"] == language

    def test_it_names_no_other_site(self, editor):
        html = editor.get("/admin/").content.decode()

        assert "gravatar" not in html
        assert "releases.wagtail.org" not in html

    def test_the_looser_policy_holds_under_the_admin_only(self, editor):
        admin, page = editor.get("/admin/"), editor.get("/en/")

        assert "'unsafe-inline'" in admin.headers["Content-Security-Policy"]
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
        assert "http" not in admin.headers["Content-Security-Policy"]

    def test_what_an_editor_sees_is_kept_by_no_cache(self, editor):
        for address in ("/admin/", edit_url(page_at("/en/student/s2/4/"))):
            control = editor.get(address).headers["Cache-Control"]
            assert "no-store" in control or "private" in control


class TestEditing:
    @of_every_kind
    def test_every_field_is_in_the_form(self, editor, address, model):
        form = editor.get(edit_url(page_at(address))).context["form"]

        own = [*model._meta.local_fields, *model._meta.local_many_to_many]
        wanted = {field.name for field in own if field.editable and not field.remote_field}
        wanted |= {field.name for field in model._meta.local_many_to_many} | {"title", "slug"}
        if model is LessonPage:
            wanted.add("companion")
            assert set(form.formsets) >= {"outcomes", "activities"}
        assert wanted <= set(form.fields)

    @of_every_page
    def test_saving_without_a_change_changes_nothing(self, editor, public_pages, address, model):
        page = page_at(address, model)

        response = editor.post(edit_url(page), {**posted(editor, page), "action-publish": "1"})

        assert response.status_code == 302
        for part in ("slides/", "plan/", "worksheet/", "") if model is LessonPage else ("",):
            # A visitor's browser: a quiz greets somebody who is signed in with their own attempt.
            assert words(Client().get(f"{address}{part}").content) == words(public_pages[f"{address}{part}"].html)
        after = page_at(address, model)
        for name in ("body", "worksheet", "parallel_task", "items"):
            if hasattr(page, name):
                assert block_ids(getattr(after, name).raw_data) == block_ids(getattr(page, name).raw_data)

    @pytest.mark.parametrize(("address", "model"), [PAGES[3], PAGES[6]])
    def test_what_was_typed_is_a_draft_until_it_is_published(self, editor, address, model):
        page = page_at(address, model)
        data = {**posted(editor, page), "title": ["Kites over the padang"]}

        editor.post(edit_url(page), data)
        drafted = editor.get(address).content.decode()
        editor.post(edit_url(page), {**data, "action-publish": "1"})

        assert "Kites over the padang" not in drafted
        assert page_at(address).title == "Kites over the padang"

    @pytest.mark.parametrize(("address", "model"), [PAGES[3], PAGES[6]])
    def test_an_empty_title_is_asked_for(self, editor, address, model):
        page = page_at(address, model)

        response = editor.post(edit_url(page), {**posted(editor, page), "title": ""})

        assert response.status_code == 200
        assert "title" in response.context["form"].errors

    def test_the_largest_lesson_leaves_room_for_more(self, editor, settings):
        fields = {page.url: sum(map(len, posted(editor, page).values())) for page in LessonPage.objects.filter(
            locale__language_code="en")}  # fmt: skip

        assert len(fields) == 3
        assert max(fields.values()) * 2 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def block_ids(raw):
    """Every block and item id inside a stream's raw data, in order."""
    if isinstance(raw, dict):
        return ([raw["id"]] if "id" in raw and "type" in raw else []) + block_ids(list(raw.values()))
    if isinstance(raw, str) or not hasattr(raw, "__iter__"):
        return []
    return [id for part in raw for id in block_ids(part)]


class TestPreview:
    def preview(self, editor, page, mode="", **changes):
        url = f"{edit_url(page)}preview/"
        answer = editor.post(url, {**posted(editor, page), **changes})
        assert json.loads(answer.content) == {"is_valid": True, "is_available": True}
        return editor.get(f"{url}?mode={mode}")

    @pytest.mark.parametrize(("mode", "mark"), [("", ".outcomes"), ("slides", "#deck"), ("worksheet", ".sheet")])
    def test_a_lesson_shows_what_is_typed_in_three_modes(self, editor, mode, mark):
        page = page_at("/en/student/s2/4/", LessonPage)

        response = self.preview(editor, page, mode, title="Kites, not saved")

        soup = parse(response)
        assert response.status_code == 200
        assert soup.h1.get_text() == "Kites, not saved"
        assert soup.select_one(mark)
        assert page_at(page.url_path).title != "Kites, not saved"

    @of_every_kind
    def test_every_page_looks_in_it_like_itself(self, editor, address, model):
        response = self.preview(editor, page_at(address, model))

        assert response.status_code == 200
        assert words(parse(response).main) == words(parse(editor.get(address)).main)

    @pytest.mark.parametrize("mode", ["", "slides", "worksheet"])
    def test_the_panel_beside_the_form_may_show_it(self, editor, mode):
        response = self.preview(editor, page_at("/en/student/s2/4/", LessonPage), mode)

        parts = response.headers["Content-Security-Policy"].split(";")
        (ancestors,) = [part.split()[1:] for part in parts if part.split()[0] == "frame-ancestors"]
        assert ancestors == ["'self'"]
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"

    @pytest.mark.parametrize("mode", ["", "slides", "worksheet"])
    def test_a_lesson_that_was_never_saved_can_be_previewed(self, editor, mode):
        course, model = page_at("/en/student/s2/", CoursePage), page_at("/en/student/s2/4/", LessonPage)
        data = {**posted(editor, model), "slug": "77", "title": "A new lesson"}
        for name in ("outcomes", "activities"):
            data[f"{name}-INITIAL_FORMS"] = "0"
            data |= {key: "" for key in data if key.startswith(f"{name}-") and key.endswith("-id")}
        url = f"/admin/pages/add/curriculum/lessonpage/{course.pk}/preview/"

        answer = editor.post(url, data)
        response = editor.get(f"{url}?mode={mode}")

        assert json.loads(answer.content) == {"is_valid": True, "is_available": True}
        assert response.status_code == 200
        assert parse(response).h1.get_text() == "A new lesson"

    def test_a_saved_draft_can_be_looked_at(self, editor):
        page = page_at("/en/student/s2/4/", LessonPage)
        page.title = "A draft of kites"
        page.save_revision()

        response = editor.get(f"/admin/pages/{page.pk}/view_draft/")

        assert response.status_code == 200
        assert parse(response).h1.get_text() == "A draft of kites"

    def test_a_visitor_sees_no_draft(self, client):
        page = page_at("/en/student/s2/4/", LessonPage)

        assert client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 302
        assert client.get(f"{edit_url(page)}preview/").status_code == 302


class TestBlocks:
    def with_block(self, editor, page, kind, stream="body", **fields):
        """Publishes the form with one more block; what is wrong with that block."""
        data = posted(editor, page)
        place = int(data[f"{stream}-count"][0])
        prefix = f"{stream}-{place}"
        data |= {f"{prefix}-type": [kind], f"{prefix}-deleted": [""], f"{prefix}-order": [str(place)]}
        data |= {f"{prefix}-value-{name.replace('__', '-')}": value for name, value in fields.items()}
        data[f"{stream}-count"] = [str(place + 1)]
        response = editor.post(edit_url(page), {**data, "action-publish": "1"})
        if response.status_code == 302:
            return ""
        error = response.context["form"].errors.as_data()[stream][0]
        return str(error.block_errors[place].as_json_data())

    @pytest.fixture
    def lesson(self):
        return page_at("/en/student/s2/4/", LessonPage)

    def test_an_image_block_without_a_picture_is_refused(self, editor, lesson):
        error = self.with_block(editor, lesson, "image", picture="", image="", alt="A kite")

        assert "Choose one: a drawing, or an image." in error

    def test_an_image_block_with_two_pictures_is_refused(self, editor, lesson):
        image = ImageFactory()

        error = self.with_block(
            editor, lesson, "image", picture="tell-adult", image=str(image.pk), alt="A kite", source="Us"
        )

        assert "Choose one: a drawing, or an image." in error

    def test_an_image_of_ones_own_needs_its_source(self, editor, lesson):
        error = self.with_block(editor, lesson, "image", picture="", image=str(ImageFactory().pk), alt="A kite")

        assert "Say who made the image, and under which licence." in error

    def test_a_picture_needs_its_alternative_text(self, editor, lesson):
        error = self.with_block(editor, lesson, "image", picture="tell-adult", image="", alt="")

        assert "alt" in error

    def test_an_image_with_all_of_that_is_saved_and_shown(self, editor, lesson):
        image = ImageFactory()

        fields = {"show_on": ["screen", "slides"], "image": str(image.pk), "picture": ""}
        error = self.with_block(editor, lesson, "image", **fields, alt="A red kite", source="Us")

        assert error == ""
        photo = parse(editor.get(lesson.url)).select_one('img[alt="A red kite"]')
        assert photo["src"].startswith("/media/images/")
        assert "Source: Us" in words(photo.find_parent("figure"))

    def test_a_scenario_needs_something_that_helps(self, editor, lesson):
        option = {"options__count": "2"}
        for number in "01":
            option |= {f"options__{number}__deleted": "", f"options__{number}__order": number}
            option |= {f"options__{number}__value__text": "Do it", f"options__{number}__value__response": "Well"}

        error = self.with_block(
            editor, lesson, "scenario", heading="What now?", situation="A thing", question="What?", **option
        )

        assert "Mark at least one option as helpful." in error

    @pytest.mark.parametrize(
        ("kind", "right", "message"),
        [
            ("single_choice", [], "Mark the right answer."),
            ("single_choice", [0, 1], "A single choice has one right answer."),
            ("multiple_choice", [0, 1, 2], "Leave at least one choice that is not right."),
            ("multiple_choice", [], "Mark the right answer."),
        ],
    )
    def test_an_item_needs_its_right_answer(self, editor, kind, right, message):
        quiz = page_at("/en/student/s2/4/quiz/", QuizPage)
        choices = {"choices__count": "3"}
        for number in range(3):
            choices |= {f"choices__{number}__deleted": "", f"choices__{number}__order": str(number)}
            choices |= {f"choices__{number}__value__text": f"Choice {number}"}
            choices |= {f"choices__{number}__value__feedback": "Because."}
            if number in right:
                choices[f"choices__{number}__value__right"] = "on"

        error = self.with_block(
            editor, quiz, kind, stream="items", prompt="Why?", rationale="So.", outcome="explain", **choices
        )

        assert message in error

    def test_a_new_item_is_marked_on_the_page(self, editor):
        quiz = page_at("/en/student/s2/4/quiz/", QuizPage)
        fields = {
            "prompt": "Can kites fly?",
            "rationale": "So.",
            "outcome": "explain",
            "right": "true",
            "asked": "once",
        }
        fields |= {f"feedback_{name}": f"You said {name}." for name in ("true", "false", "unsure")}

        assert self.with_block(editor, quiz, "true_false", stream="items", **fields) == ""
        item = page_at("/en/student/s2/4/quiz/", QuizPage).item_list[-1]
        response = Client().post(quiz.url, {f"item-{item['id']}": "false", "check": item["id"]})
        assert "You said false." in words(response)
        assert "You said true." not in words(response)


class TestTree:
    """Which pages may stand below which."""

    ALLOWED = {
        "/en/": {"audiencepage", "guidepage"},
        "/en/student/": {"coursepage", "guidepage"},
        "/en/student/s2/": {"lessonpage"},
        "/en/student/s2/4/": set(),  # one quiz, and it is there
        "/en/student/s2/4/quiz/": set(),
        "/en/help/": set(),
    }

    @pytest.mark.parametrize("address", ALLOWED)
    def test_only_fitting_pages_are_offered(self, editor, address):
        response = editor.get(f"/admin/pages/{page_at(address).pk}/add_subpage/", follow=True)

        offered = {
            link["href"].split("/")[5]
            for link in parse(response).select('a[href^="/admin/pages/add/"]')
        } | {r[0].split("/")[5] for r in response.redirect_chain if r[0].startswith("/admin/pages/add/")}  # fmt: skip
        assert offered == self.ALLOWED[address]

    def test_a_lesson_without_a_quiz_is_offered_one(self, editor):
        page_at("/en/student/s2/4/quiz/").delete()

        response = editor.get(f"/admin/pages/{page_at('/en/student/s2/4/').pk}/add_subpage/", follow=True)

        assert "/admin/pages/add/quizzes/quizpage/" in f"{response.redirect_chain}{response.content}"

    @pytest.mark.parametrize(
        ("model", "address"),
        [
            ("curriculum/lessonpage", "/en/"),
            ("curriculum/lessonpage", "/en/student/s2/4/"),
            ("curriculum/coursepage", "/en/"),
            ("curriculum/homepage", "/en/"),
            ("quizzes/quizpage", "/en/student/s2/"),
            ("quizzes/quizpage", "/en/student/s2/4/"),
            ("curriculum/guidepage", "/en/student/s2/"),
            ("wagtailcore/page", "/en/"),
        ],
    )
    def test_a_wrong_parent_is_refused(self, editor, model, address):
        response = editor.get(f"/admin/pages/add/{model}/{page_at(address).pk}/")

        assert response.status_code in (302, 403, 404)
        assert "/add/" not in response.headers.get("Location", "")

    def test_the_chooser_for_moving_offers_fitting_parents_only(self, editor):
        lesson = page_at("/en/student/s2/4/", LessonPage)

        rows = {}
        for address in ("/en/", "/en/student/"):
            url = f"/admin/choose-page/{page_at(address).pk}/?user_perms=move_to&target_pages%5B%5D={lesson.pk}"
            url += "&match_subclass=false&allow_external_link=false"
            html = json.loads(editor.get(url).content)["html"]
            for row in parse(html).select("tr"):
                chooser = row.select_one("a.choose-page")
                rows |= {words(row.select_one(".title") or row): chooser is not None}

        chosen = {title for title, offered in rows.items() if offered}
        assert any(page_at("/en/student/s3/").title in title for title in chosen)
        for address in ("/en/student/", "/en/caregiver/", "/en/help/"):
            assert not any(title.startswith(page_at(address).title) for title in chosen)

    def test_a_lesson_cannot_be_moved_below_the_home_page(self, editor):
        lesson = page_at("/en/student/s2/4/", LessonPage)

        response = editor.post(f"/admin/pages/{lesson.pk}/move/{page_at('/en/').pk}/confirm/")

        assert response.status_code in (302, 403)
        assert page_at("/en/student/s2/4/").pk == lesson.pk


class TestSnippets:
    @pytest.mark.parametrize("model", [Topic, SupportService])
    def test_the_list_and_every_form_open(self, editor, model):
        name = model._meta.model_name
        instance = model.objects.filter(locale__language_code="en").first()

        index, form = (
            editor.get(f"/admin/snippets/curriculum/{name}/{part}") for part in ("?locale=en", f"edit/{instance.pk}/")
        )

        assert str(instance) in words(index)
        kept_by_wagtail = {"id", "live", "expired", "sort_order", "translation_key"}
        own = {f.name for f in model._meta.local_fields if f.editable and not f.remote_field and "_at" not in f.name}
        assert own - set(form.context["form"].fields) <= kept_by_wagtail | {"has_unpublished_changes"}

    def test_topics_and_services_are_all_that_there_is(self, editor):
        html = editor.get("/admin/snippets/").content.decode()

        links = {link["href"] for link in parse(html).select('a[href^="/admin/snippets/curriculum/"]')}
        assert {link.split("/")[4] for link in links} == {"topic", "supportservice"}

    @pytest.mark.parametrize(
        ("changes", "field", "message"),
        [
            ({"phones": "12345"}, "phones", "Write Malaysian numbers"),
            ({"whatsapp": "12345"}, "whatsapp", "Write a Malaysian mobile number"),
            ({"shown_to": "student"}, "shown_to", "Write it like |student|caregiver|."),
            ({"checked_on": "2026-01-01"}, "checked_by", "Say both who checked it and when, or neither."),
            ({"checked_by": "Aminah"}, "checked_by", "Say both who checked it and when, or neither."),
        ],
    )
    def test_a_service_says_what_is_wrong_with_it(self, editor, changes, field, message):
        service = SupportServiceFactory()
        url = f"/admin/snippets/curriculum/supportservice/edit/{service.pk}/"
        form = editor.get(url).context["form"]
        data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

        response = editor.post(url, {**data, **changes})

        assert message in str(response.context["form"].errors[field])

    def test_a_call_test_sets_the_day_of_the_next(self, editor):
        service = SupportServiceFactory()
        url = f"/admin/snippets/curriculum/supportservice/edit/{service.pk}/"
        form = editor.get(url).context["form"]
        data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

        editor.post(url, {**data, "checked_on": "2026-01-01", "checked_by": "Aminah", "action-publish": "1"})

        service.refresh_from_db()
        assert str(service.expires_on) == "2026-04-01"


class TestTranslating:
    """Pages that came from files are first-class in the workflow that translators use."""

    @pytest.mark.parametrize("language", ["ms", "zh-hans", "ta"])
    @pytest.mark.parametrize("path", ["", "student/s2/4/", "student/s2/4/quiz/", "help/", "student/s3/"])
    def test_the_translation_editor_opens_with_every_string_done(self, editor, language, path):
        page = page_at(f"/{language}/{path}")

        response = editor.get(edit_url(page))

        props = json.loads(response.context["props"])
        assert response.status_code == 200
        assert len(props["segments"]) > 3
        translated = {row["segment_id"] for row in props["initialStringTranslations"]}
        assert {s["id"] for s in props["segments"] if s["type"] == "string"} == translated

    def test_no_right_answer_is_among_the_strings(self, editor):
        quiz = page_at("/ms/student/s2/4/quiz/", QuizPage)

        props = json.loads(editor.get(edit_url(quiz)).context["props"])

        strings = {segment["contentPath"]: segment["source"] for segment in props["segments"]}
        assert len(strings) > 30
        assert [path for path in strings if path.rsplit(".", 1)[-1] in ("outcome", "block", "helpful")] == []
        pairs = [pair["right"] for item in quiz.item_list for pair in item.get("pairs", [])]
        rights = [path for path in strings if path.endswith(".right")]
        assert len(rights) == len(pairs)  # the texts of the right sides, and no key
        assert not {"true", "false", "True", "False"} & set(strings.values())

    @pytest.mark.parametrize("path", ["student/s2/4/", "student/s2/4/quiz/"])
    def test_a_change_of_the_source_reaches_the_translation_without_losing_it(self, editor, path):
        source, target = page_at(f"/en/{path}").specific, page_at(f"/ta/{path}").specific
        before = {
            field.name: getattr(target, field.name) for field in target._meta.local_fields if field.name == "summary"
        }
        blocks = [block.id for block in (target.body if hasattr(target, "body") else target.items)]
        source.title = "A new title of the source"
        source.save_revision().publish()
        translation = Translation.objects.get(
            source__object__translation_key=source.translation_key, target_locale=target.locale,
            source__specific_content_type__model=source._meta.model_name,
        )  # fmt: skip

        translation.source.update_from_db()
        translation.save_target(publish=True)

        after = page_at(f"/ta/{path}").specific
        assert {name: getattr(after, name) for name in before} == before
        assert [block.id for block in (after.body if hasattr(after, "body") else after.items)] == blocks
        assert after.live

    def test_a_translator_may_open_the_english_page_as_an_ordinary_one(self, editor):
        response = editor.get(edit_url(page_at("/en/student/s2/4/")))

        assert "form" in response.context
        assert "props" not in response.context


class TestUploads:
    def upload(self, editor, name, content, kind):
        file = SimpleUploadedFile(name, content, content_type=kind)
        return editor.post("/admin/images/add/", {"title": "Kite", "file": file, "collection": "1"})

    def picture(self, size=(40, 40), **options):
        content = io.BytesIO()
        Picture.new("RGB", size, "red").save(content, "JPEG", **options)
        return content.getvalue()

    def test_a_picture_is_taken(self, editor):
        response = self.upload(editor, "kite.jpg", self.picture(), "image/jpeg")

        assert response.status_code == 302
        assert get_image_model().objects.filter(title="Kite").exists()

    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("kite.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
            ("kite.png", b"<html><script>alert(1)</script></html>", "image/png"),
            ("kite.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;", "image/gif"),
            ("kite.jpg", b"\xff\xd8" + b"\x00" * (6 * 1024 * 1024), "image/jpeg"),
            ("kite.html", b"<p>kite</p>", "text/html"),
        ],
        ids=["script in svg", "html as png", "gif", "six megabytes", "html"],
    )
    def test_anything_else_is_refused_with_a_plain_error(self, editor, name, content, kind):
        response = self.upload(editor, name, content, kind)

        assert response.status_code == 200
        assert len(response.context["form"].errors["file"]) == 1
        assert not get_image_model().objects.filter(title="Kite").exists()

    def test_the_place_where_a_photo_was_taken_is_not_kept(self, editor):
        exif = Picture.Exif()
        exif.get_ifd(0x8825).update({1: "N", 2: (3.0, 8.0, 0.0), 3: "E", 4: (101.0, 41.0, 0.0)})
        exif[0x010F] = "A phone"

        self.upload(editor, "kite.jpg", self.picture(exif=exif), "image/jpeg")

        image = get_image_model().objects.get(title="Kite")
        for file in (image.file, image.get_rendition("width-20").file):
            with file.open() as stored:
                assert dict(Picture.open(stored).getexif()) == {}

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_nor_is_anything_else_that_a_file_says_about_itself(self, editor, kind):
        exif = Picture.Exif()
        exif[0x010F], exif[0x0112] = "A phone", 6  # made by, and lying on its side
        content, said = io.BytesIO(), {"comment": b"at home"} if kind == "JPEG" else {}
        Picture.new("RGB", (40, 20), "red").save(content, kind, exif=exif, xmp=b"<x>at home</x>", **said)
        name = f"kite.{kind.lower()}"
        assert b"at home" in content.getvalue() or kind == "PNG"

        self.upload(editor, name, content.getvalue(), f"image/{kind.lower()}")

        image = get_image_model().objects.get(title="Kite")
        with image.file.open() as stored:
            kept = stored.read()
        assert (image.width, image.height) == (20, 40)  # turned upright, now that nothing says which way is up
        assert b"at home" not in kept
        assert b"A phone" not in kept

    def test_a_picture_that_breaks_off_is_refused(self, editor, monkeypatch):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # WeasyPrint, in other tests, sets it for all
        content = io.BytesIO()
        Picture.effect_noise((300, 300), 90).save(content, "PNG")

        response = self.upload(editor, "kite.png", content.getvalue()[:5000], "image/png")

        assert len(response.context["form"].errors["file"]) == 1

    def test_see_through_stays_see_through(self, editor):
        content = io.BytesIO()
        Picture.new("RGBA", (20, 20), (255, 0, 0, 0)).save(content, "PNG")

        self.upload(editor, "kite.png", content.getvalue(), "image/png")

        with get_image_model().objects.get(title="Kite").file.open() as stored:
            assert Picture.open(stored).convert("RGBA").getpixel((0, 0))[3] == 0

    def test_a_new_title_leaves_the_picture_as_it_is(self, editor):
        self.upload(editor, "kite.jpg", self.picture(), "image/jpeg")
        image = get_image_model().objects.get(title="Kite")

        response = editor.post(f"/admin/images/{image.pk}/", {"title": "Tail", "collection": "1"})

        assert response.status_code == 302
        assert get_image_model().objects.get(title="Tail").file.name == image.file.name

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("kite.mp3", b"ID3\x04 kite"),
            ("kite.m4a", b"\x00\x00\x00\x20ftypM4A kite"),
            ("kite.MP4", b"\x00\x00\x00\x20ftypisom kite"),
            ("kite.ogg", b"OggS kite"),
            ("kite.webm", b"\x1a\x45\xdf\xa3 kite"),
        ],
    )
    def test_a_recording_is_taken(self, editor, name, content):
        file = SimpleUploadedFile(name, content)

        response = editor.post("/admin/documents/add/", {"title": "Kite", "file": file, "collection": "1"})

        assert response.status_code == 302

    def test_a_document_that_is_too_big_is_refused(self, editor, settings):
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1000
        file = SimpleUploadedFile("kite.pdf", b"%PDF-1.7" + b" " * 1000)

        response = editor.post("/admin/documents/add/", {"title": "Kite", "file": file, "collection": "1"})

        assert "too big" in str(response.context["form"].errors["file"])

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("kite.html", b"<script>alert(1)</script>"),
            ("kite.svg", b"<svg/>"),
            ("kite.pdf", b"<script>alert(1)</script>"),
        ],
    )
    def test_a_document_that_could_run_is_refused(self, editor, name, content):
        file = SimpleUploadedFile(name, content)

        response = editor.post("/admin/documents/add/", {"title": "Kite", "file": file, "collection": "1"})

        assert response.status_code == 200
        assert response.context["form"].errors["file"]
        assert not get_document_model().objects.filter(title="Kite").exists()

    def test_a_document_is_served_so_that_nothing_in_it_runs(self, editor):
        file = SimpleUploadedFile("kite.pdf", b"%PDF-1.7 kite")
        editor.post("/admin/documents/add/", {"title": "Kite", "file": file, "collection": "1"})

        response = editor.get(get_document_model().objects.get(title="Kite").url)

        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_tree_has_no_problem_after_loading():
    assert [ids for ids in Page.find_problems() if ids] == []

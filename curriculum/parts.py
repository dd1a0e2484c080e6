"""Which parts the content files have, in the order in which they are written, and how each becomes an instance."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page, Site

from curriculum.loading import Loader, Part
from curriculum.models import (
    Activity,
    AudiencePage,
    CoursePage,
    GuidePage,
    HomePage,
    LearningOutcome,
    LessonPage,
    SupportService,
    Topic,
)  # fmt: skip
from curriculum.models.support import State
from curriculum.source import Curriculum, Unit
from curriculum.streams import key_for, raw_blocks


def load_site(loader: Loader, curriculum: Curriculum) -> None:
    """Topics, services, home, audiences, courses and guides; the Site points to the home page afterwards."""
    for part in [*topic_parts(curriculum.topics), *service_parts(curriculum.services)]:
        loader.write(part)
    unit = curriculum.site
    root = Page.get_first_root_node()
    home = loader.write(home_part(unit, root))
    if home is None:
        return
    point_site_to(home)
    audiences = {}
    for name, words in entries(unit, "audiences"):
        audiences[name] = loader.write(page_part(f"site/{name}", AudiencePage, words, home, _fill_audience(name)))
    for name, words in entries(unit, "courses"):
        parent = audiences[words["en"]["audience"]]
        if parent:
            loader.write(page_part(f"site/{name}", CoursePage, words, parent, _fill_course))
    for name, words in entries(unit, "guides"):
        audience = words["en"]["audience"]
        parent = audiences[audience] if audience else home
        if parent:
            loader.write(page_part(f"site/{name}", GuidePage, words, parent, _fill_guide(name)))


def point_site_to(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    welcome = site.root_page if site.pk else None
    if welcome != home.page_ptr:
        site.root_page, site.site_name = home, "Setuju"
        site.save()
        if welcome and type(welcome.specific) is Page and not welcome.get_children().exists():
            welcome.delete()


def load_lesson(loader: Loader, unit: Unit) -> LessonPage | None:
    """One lesson page, below its course."""
    course = CoursePage.objects.filter(
        translation_key=key_for(f"site/{unit.source['course']}"), locale__language_code="en"
    )
    parent = course.first()
    if parent is None:
        loader.report.add("left alone", f"lessons/{unit.id}", "its course was deleted in the site")
        return None
    return loader.write(page_part(f"lessons/{unit.id}", LessonPage, unit.words, parent, _fill_lesson(unit.id)))


def entries(unit: Unit, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a list of a unit, each with its values in all languages."""
    for number, entry in enumerate(unit.source[key]):
        yield entry["id"], {language: words[key][number]["value"] for language, words in unit.words.items()}


def page_part(name, model, words, parent, fill) -> Part:
    return Part(name=name, words=words, digest=Unit(name, words).digest, fill=fill, model=model, parent=parent)


def topic_parts(unit: Unit) -> Iterator[Part]:
    for code in unit.source:
        words = {language: {"code": code, "name": names[code]} for language, names in unit.words.items()}
        yield page_part(f"topics/{code}", Topic, words, None, _fill_topic)


def _fill_topic(topic: Topic, words: dict[str, Any]) -> None:
    topic.code, topic.name, topic.key_concept = words["code"], words["name"], int(words["code"][0])


def service_parts(unit: Unit) -> Iterator[Part]:
    for place, (name, words) in enumerate(entries(unit, "services")):
        numbered = {language: {**value, "sort_order": place} for language, value in words.items()}
        part = page_part(f"services/{name}", SupportService, numbered, None, _fill_service)
        part.live = words["en"]["state"] in State.showable()
        yield part


def _fill_service(service: SupportService, words: dict[str, Any]) -> None:
    for name in ("name", "what_for", "state", "source", "source_year", "sort_order"):
        setattr(service, name, words[name])
    service.hours = words.get("hours", "")
    service.phones = ", ".join(words["phones"])
    service.whatsapp, service.web = words["whatsapp"] or "", words["web"] or ""
    service.shown_to = "|" + "".join(f"{reader}|" for reader in words["shown_to"])


def home_part(unit: Unit, root: Page) -> Part:
    words = {language: {**value["home"], "slug": language} for language, value in unit.words.items()}
    return page_part("site/home", HomePage, words, root, _fill_home)


def _fill_home(page: HomePage, words: dict[str, Any]) -> None:
    for name in ("title", "slug", "headline", "introduction", "help_message"):
        setattr(page, name, words[name])


def _fill_audience(name: str):
    def fill(page: AudiencePage, words: dict[str, Any]) -> None:
        for key in ("title", "slug", "door", "introduction", "picture"):
            setattr(page, key, words[key])
        page.audience = name

    return fill


def _fill_course(page: CoursePage, words: dict[str, Any]) -> None:
    for key in ("title", "slug", "stage", "introduction", "help_message"):
        setattr(page, key, words[key])
    page.tier = words["tier"] or ""


def _fill_guide(name: str):
    def fill(page: GuidePage, words: dict[str, Any]) -> None:
        page.title, page.slug, page.introduction = words["title"], words["slug"], words["introduction"]
        page.body = raw_blocks(words["body"], f"site/{name}/body")

    return fill


def _fill_lesson(id: str):
    def fill(page: LessonPage, words: dict[str, Any]) -> None:
        for key in (
            "title",
            "slug",
            "summary",
            "minutes",
            "plan_minutes",
            "picture",
            "content_note",
            "teacher_notes",
        ):
            setattr(page, key, words[key])
        for key, text in words.get("note", {}).items():
            setattr(page, f"note_{key}", text)
        for key, text in words["home_card"].items():
            setattr(page, f"home_{key}", text)
        page.worksheet_intro = words["worksheet"]["intro"]
        page.parallel_title = words["parallel_task"]["title"]
        name = f"lessons/{id}"
        page.body = raw_blocks(words["body"], f"{name}/body")
        page.worksheet = raw_blocks(words["worksheet"]["blocks"], f"{name}/worksheet")
        page.parallel_task = raw_blocks(words["parallel_task"]["blocks"], f"{name}/parallel_task")
        page.topics = Topic.objects.filter(code__in=words["topics"], locale=page.locale)
        page.companion = LessonPage.objects.filter(
            translation_key=key_for(f"lessons/{words['companion']}"), locale=page.locale
        ).first()
        page.outcomes = _children(
            page, LearningOutcome, words["outcomes"], f"{name}/outcomes", lambda text, key: {"text": text, "key": key}
        )
        page.activities = _children(page, Activity, words["activities"], f"{name}/activities", _activity)

    return fill


def _activity(value: dict[str, Any], key: str) -> dict[str, Any]:
    plain = {name: value.get(name) or "" for name in ("title", "kind", "minutes", "materials", "steps", "say")}
    return plain | {name: bool(value[name]) for name in ("after_break", "optional")}


def _children(page, model, items, name, values):
    """Rows below a lesson; those that are there already keep their primary keys."""
    keys = [key_for(f"{name}/{item['id']}") for item in items]
    rows = model.objects.filter(translation_key__in=keys, locale=page.locale, lesson_id=page.pk)
    present = dict(rows.values_list("translation_key", "pk")) if page.pk else {}
    return [
        model(
            pk=present.get(key),
            translation_key=key,
            locale=page.locale,
            sort_order=place,
            **values(item["value"], item["id"]),
        )
        for place, (key, item) in enumerate(zip(keys, items, strict=True))
    ]

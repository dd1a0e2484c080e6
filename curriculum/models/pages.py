"""The page tree. A page routes; `curriculum/views.py` works."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from curriculum import views
from curriculum.block_base import RICH_TEXT_FEATURES, drawing_choices
from curriculum.blocks import LessonBlocks, SheetBlocks
from curriculum.models.access import OpenToAll, reachable
from curriculum.models.choices import Audience, ContentNote, Tier
from curriculum.models.paper import PrintsPack
from curriculum.models.topics import Topic

LESSON_DEPTH = 3  # below its home page: audience, course, lesson


class HomePage(OpenToAll, RoutablePageMixin, Page):
    """The first page of a language: three doors, four languages."""

    headline = models.CharField(max_length=160)
    introduction = models.CharField(max_length=500)
    help_message = models.CharField(max_length=500, help_text="Stands above the services on pages without a tier.")

    parent_page_types = ["wagtailcore.Page"]

    content_panels = [*Page.content_panels, "headline", "introduction", "help_message"]
    override_translatable_fields = [TranslatableField("slug")]

    class Meta:
        verbose_name = "home page"

    @property
    def doors(self):
        return AudiencePage.objects.child_of(self).live()

    @property
    def tiers(self):
        """The students' courses, youngest first."""
        return reachable(CoursePage.objects.descendant_of(self)).exclude(tier="").order_by("tier")

    def route(self, request, path_components):
        """Lessons are most of what is asked for: one query finds theirs, where Wagtail asks twice a level."""
        if len(path_components) >= LESSON_DEPTH:
            address = f"{self.url_path}{'/'.join(path_components[:LESSON_DEPTH])}/"
            lesson = reachable(LessonPage.objects.filter(url_path=address)).select_related("locale").first()
            if lesson:
                return lesson.route(request, path_components[LESSON_DEPTH:])
        return super().route(request, path_components)

    @path("")
    def home(self, request):
        return views.home(request, page=self)


class AudiencePage(OpenToAll, RoutablePageMixin, Page):
    """The door of one audience: its courses."""

    audience = models.CharField(max_length=10, choices=Audience.choices)
    door = models.CharField(max_length=160, help_text="What the door on the home page says.")
    introduction = models.CharField(max_length=500)
    picture = models.CharField(max_length=60, choices=drawing_choices)

    parent_page_types = ["curriculum.HomePage"]

    content_panels = [*Page.content_panels, "audience", "door", "introduction", "picture"]
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("audience", overridable=False),
        SynchronizedField("picture", overridable=False),
    ]

    class Meta:
        verbose_name = "audience page"

    @property
    def courses_in_order(self):
        return CoursePage.objects.child_of(self).live()

    @property
    def packs(self):
        """What a teacher teaches from: every course in this language with its lessons, `[(course, lessons), ...]`."""
        if self.audience != Audience.TEACHER:
            return []
        courses, lessons = (
            list(reachable(model.objects.filter(locale_id=self.locale_id)).order_by("path"))
            for model in (CoursePage, LessonPage)
        )
        return [(course, [page for page in lessons if page.path.startswith(course.path)]) for course in courses]

    @path("")
    def courses(self, request):
        return views.audience(request, page=self)


class CoursePage(OpenToAll, RoutablePageMixin, Page):
    """A course for one audience, and for students one tier."""

    tier = models.CharField(max_length=2, choices=Tier.choices, blank=True, help_text="Students' courses only.")
    stage = models.CharField(max_length=80, help_text="For whom, in a few words: Year 4 to 6.")
    introduction = models.CharField(max_length=500)
    help_message = models.CharField(max_length=500, help_text="Stands above the services on every page of this course.")

    parent_page_types = ["curriculum.AudiencePage"]

    content_panels = [*Page.content_panels, "tier", "stage", "introduction", "help_message"]
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("tier", overridable=False),
    ]

    class Meta:
        verbose_name = "course"

    @property
    def neutral_title(self):
        """What a browser's title and history say: nothing about the subject."""
        return gettext("Lessons %(course)s") % {"course": self.slug.upper()}

    @property
    def audience(self):
        """The audience that this course is for, from its tier or its parent's address."""
        return Audience.STUDENT if self.tier else self.url_path.rstrip("/").split("/")[-2]

    @property
    def lessons_in_order(self):
        return LessonPage.objects.child_of(self).live()

    @path("")
    def lessons(self, request):
        return views.course(request, page=self)


class LessonPage(OpenToAll, PrintsPack, RoutablePageMixin, Page):
    """One sitting: learner page, slides, plan, worksheet, home card and worksheet B for a pupil who passes."""

    summary = models.CharField(max_length=255, help_text="One sentence that tells the learner what the lesson is for.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(180)])
    plan_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The length of the lesson plan, where it differs: a workshop."
    )
    picture = models.CharField(max_length=60, choices=drawing_choices)
    topics = ParentalManyToManyField("curriculum.Topic", related_name="+", help_text="Concepts of the ITGSE 2018.")
    companion = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The caregivers' lesson that goes with the home card.",
    )
    content_note = models.CharField(max_length=3, choices=ContentNote.choices, default=ContentNote.CN0)
    note_about = models.CharField(max_length=255, blank=True, help_text="What the lesson is about, in one line.")
    note_without = models.CharField(max_length=255, blank=True, help_text="What it will not contain.")
    note_choices = models.CharField(max_length=255, blank=True, help_text="You can pass. You can stop at any time.")
    body = StreamField(LessonBlocks(), help_text="What the learner reads, and what the slides show.")
    worksheet_intro = models.CharField(max_length=255)
    worksheet = StreamField(SheetBlocks(), help_text="The sheet. Exercises know their answers for the key.")
    parallel_title = models.CharField(max_length=160)
    parallel_task = StreamField(SheetBlocks(), help_text="Worksheet B, for a pupil who passes.")
    teacher_notes = RichTextField(features=RICH_TEXT_FEATURES, help_text="What a teacher must know beforehand.")
    home_title = models.CharField(max_length=160)
    home_text = RichTextField(features=RICH_TEXT_FEATURES, help_text="What the child learned, and one thing to try.")
    home_ask = models.CharField(max_length=255, help_text="A question to ask your child.")
    home_promise = models.CharField(max_length=255, help_text="A sentence to say aloud.")

    parent_page_types = ["curriculum.CoursePage"]

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("plan_minutes")]),
        FieldPanel("picture"),
        MultiFieldPanel(
            ["content_note", "note_about", "note_without", "note_choices"],
            heading="Content note",
            help_text="Stands before everything else: on the page, on the first slide and on the sheet.",
        ),
        InlinePanel("outcomes", heading="Learning outcomes", label="Learning outcome", min_num=1),
        FieldPanel("topics"),
        FieldPanel("body"),
    ]
    teacher_panels = [
        FieldPanel("teacher_notes"),
        HelpPanel("The minutes of the activities add up to the minutes of the plan."),
        InlinePanel("activities", heading="Lesson plan", label="Activity", min_num=1),
    ]
    paper_panels = [
        FieldPanel("worksheet_intro"),
        FieldPanel("worksheet"),
        FieldPanel("parallel_title"),
        FieldPanel("parallel_task"),
        MultiFieldPanel(
            ["home_title", "home_text", "home_ask", "home_promise", "companion"],
            heading="Home card",
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="Lesson"),
            ObjectList(teacher_panels, heading="Plan"),
            ObjectList(paper_panels, heading="Paper and home"),
            ObjectList(Page.promote_panels, heading="Address"),
        ]
    )
    override_translatable_fields = [
        SynchronizedField(name, overridable=False)
        for name in ("slug", "minutes", "plan_minutes", "picture", "topics", "companion", "content_note")
    ]
    preview_modes = [("", _("Screen")), ("slides", _("Slides")), ("worksheet", _("Worksheet"))]

    class Meta:
        verbose_name = "lesson"

    @cached_property
    def course(self):
        return CoursePage.objects.parent_of(self).get()

    @property
    def neutral_title(self):
        """What a browser's title, history and file names say: nothing about the subject."""
        return gettext("Lesson %(number)s") % {"number": self.slug}

    @property
    def quiz(self):
        """The page below this one, if there is one: its quiz."""
        return self.get_children().live().first()

    @property
    def topics_here(self):
        """The topics in this page's language: pages keep the source's, the names are translated."""
        keys = self.topics.values("translation_key")
        return Topic.objects.filter(translation_key__in=keys, locale_id=self.locale_id)

    @property
    def companion_here(self):
        """The caregivers' lesson in this page's language, if it is there."""
        keys = LessonPage.objects.filter(pk=self.companion_id).values("translation_key")
        return reachable(LessonPage.objects.filter(translation_key__in=keys, locale_id=self.locale_id)).first()

    @property
    def plan_length(self):
        return self.plan_minutes or self.minutes

    def serve_preview(self, request, mode_name):
        return views.preview_lesson(request, page=self, mode=mode_name)

    @path("")
    def read(self, request):
        return views.lesson(request, page=self)

    @path("slides/")
    def slides(self, request):
        return views.slides(request, page=self)

    @path("plan/")
    def plan(self, request):
        return views.plan(request, page=self)

    @path("worksheet/")
    def sheet(self, request):
        return views.worksheet(request, page=self)

    @path("print/<slug:name>/")
    def printable(self, request, name):
        return views.printable(request, page=self, name=name)

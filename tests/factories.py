"""Objects that tests make for themselves, on top of the loaded curriculum."""

import datetime
import functools

import factory
import wagtail_factories
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, make_password
from factory.django import DjangoModelFactory
from wagtail.models import Locale

from audiences.models import Classroom
from curriculum.models import LessonPage, SupportService, Topic
from curriculum.models.choices import Audience, Tier
from curriculum.models.support import State

PASSWORD = "seven-tapirs-drink-tea"


@functools.cache
def hashed(_algorithm):
    """The password's hash, made once: it is slow on purpose."""
    return make_password(PASSWORD)


class UserFactory(DjangoModelFactory):
    """An adult with an account and no rights at all."""

    class Meta:
        model = get_user_model()

    email = factory.Sequence("adult{}@example.org".format)
    password = factory.LazyFunction(lambda: hashed(get_hasher().algorithm))


class EditorFactory(UserFactory):
    email = factory.Sequence("editor{}@example.org".format)
    is_staff = True
    is_superuser = True


class TeacherFactory(UserFactory):
    email = factory.Sequence("teacher{}@example.org".format)
    audience = Audience.TEACHER


class ClassroomFactory(DjangoModelFactory):
    class Meta:
        model = Classroom

    teacher = factory.SubFactory(TeacherFactory)
    label = factory.Sequence("3 Bestari {}".format)
    tier = Tier.S3
    languages = factory.LazyFunction(lambda: ["ms", "ta"])


class SupportServiceFactory(DjangoModelFactory):
    """A listing that may show: for every student, in English, unless a test says otherwise."""

    class Meta:
        model = SupportService

    class Params:
        language = "en"
        call_tested = factory.Trait(
            checked_on=datetime.date(2026, 3, 9), checked_by="A tester", expires_on=datetime.date(2099, 1, 1)
        )
        overdue = factory.Trait(expires_on=datetime.date(2020, 1, 1))

    locale = factory.LazyAttribute(lambda service: Locale.objects.get(language_code=service.language))
    name = factory.Sequence("Listening place {}".format)
    what_for = "Listens to anybody."
    phones = "03-3000 8858"
    shown_to = "|student|"
    state = State.FOUND
    source = "A leaflet"
    source_year = 2026
    sort_order = -1


class LessonPageFactory(wagtail_factories.PageFactory):
    """A short lesson below a course: one outcome's worth of words, and no content note."""

    class Meta:
        model = LessonPage

    title = factory.Sequence("A lesson about kites {}".format)
    slug = factory.Sequence("90{}".format)
    summary = "You learn how to fly a kite."
    minutes = 20
    picture = "tell-adult"
    worksheet_intro = "Draw a kite."
    parallel_title = "A quiet kite"
    teacher_notes = "<p>Bring string.</p>"
    home_title = "Kites at home"
    home_text = "<p>We flew kites.</p>"
    home_ask = "What colour was yours?"
    home_promise = "I come and watch."


def topic(code, language="en"):
    return Topic.objects.get(code=code, locale__language_code=language)

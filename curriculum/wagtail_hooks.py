from functools import partial

from django.db import transaction
from django.dispatch import receiver
from wagtail import hooks
from wagtail.signals import page_published, published

from curriculum import printables
from curriculum.models import LessonPage, SupportService

# These are the only signals of Setuju. Wagtail's hooks tell of a form that was sent, and not of what is published by
# a workflow, a schedule or wagtail-localize; its signals tell of all. Everything happens after the commit: a press
# that works inside a transaction would keep the only writer of SQLite waiting. Who publishes is a person: files that
# are loaded publish without one, and `build_printables` follows.


@receiver(page_published)
def print_published(instance, revision=None, **kwargs):
    """Makes the sheets anew, so that a reader finds them: of a lesson, or of the lesson to which a quiz belongs."""
    if revision and revision.user_id:
        for lesson in LessonPage.objects.ancestor_of(instance, inclusive=True):
            transaction.on_commit(partial(print_lesson, lesson.pk))


@receiver(published, sender=SupportService)
def print_listings(instance, revision=None, **kwargs):
    """A helpline stands at the foot of the sheets of its language. No one waits for them: there are many."""
    if revision and revision.user_id:
        transaction.on_commit(partial(order_sheets, locale=instance.locale_id))


@hooks.register("after_unpublish")
def print_without_one(request, instance):
    print_without(request, [instance])


@hooks.register("after_delete_snippet")
def print_without(request, instances):
    for locale in {service.locale_id for service in instances if isinstance(service, SupportService)}:
        order_sheets(locale=locale)


def print_lesson(pk):
    """An editor finds the new sheets when the form comes back; unless one is late: then nobody waits for the rest."""
    for lesson in order_sheets(pk=pk):
        all(printables.shelve_quietly(lesson, kind) for kind in printables.KINDS.values())


def order_sheets(**which):
    """Puts what is not on the shelf into the backlog; returns the lessons."""
    lessons = list(LessonPage.objects.live().filter(**which).select_related("locale"))
    for lesson in lessons:
        for kind in printables.KINDS.values():
            printables.ordered(lesson, kind)
    return lessons

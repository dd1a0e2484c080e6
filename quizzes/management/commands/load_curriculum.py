from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, OperationalError, transaction

from curriculum.block_base import drawing_names
from curriculum.documents import Faults
from curriculum.loading import Loader, PageRefused, Report
from curriculum.parts import load_lesson, load_site
from curriculum.source import read
from quizzes.parts import load_quiz

CONTENT = settings.BASE_DIR / "curriculum" / "content"


class Command(BaseCommand):
    """Lives in quizzes because it writes quiz pages too, and curriculum knows nothing of quizzes."""

    requires_system_checks = []  # the files are what is checked here; this halves the time
    help = "Checks the content files and writes them as pages, in four languages, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("lessons", nargs="*", help="Ids of lessons, e.g. s2-4; without, all of them.")
        parser.add_argument("--check", action="store_true", help="Only check the files.")
        parser.add_argument("--content", type=Path, default=CONTENT, help="Another content folder.")

    def handle(self, *, lessons, check, content, verbosity, **options):
        try:
            curriculum = read(content, frozenset(drawing_names()), lessons)
        except Faults as faults:
            raise CommandError(f"{faults}\nNothing was changed: {len(faults.faults)} to mend.") from None
        if check:
            self.stdout.write(f"{len(curriculum.lessons)} lessons in four languages: nothing to mend.")
            return
        try:
            report = write(curriculum)
        except PageRefused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        except (IntegrityError, OperationalError) as error:
            raise CommandError(
                f"Another load, or an editor, was writing at the same time ({error}). "
                "Nothing was changed: try again in a minute."
            ) from None
        for what, name, why in report.lines:
            if what == "left alone" or verbosity > (1 if what == "unchanged" else 0):
                self.stdout.write(f"{what}: {name}{f' ({why})' if why else ''}")
        counts = ", ".join(f"{number} {what}" for what, number in sorted(report.counts.items()))
        self.stdout.write(f"Curriculum loaded: {counts}.")


def write(curriculum) -> Report:
    """Writes everything in one transaction."""
    report = Report()
    with transaction.atomic():
        loader = Loader(report)
        load_site(loader, curriculum)
        for unit in in_order(curriculum.lessons.values()):
            lesson = load_lesson(loader, unit)
            if lesson:
                load_quiz(loader, unit, lesson)
    return report


def in_order(units):
    """Lessons that others name as their companion come first."""
    return sorted(units, key=lambda unit: (bool(unit.source["companion"]), unit.id))

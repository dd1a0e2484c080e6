from concurrent.futures import ThreadPoolExecutor, as_completed

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum import printables
from curriculum.models import LessonPage
from curriculum.press import Press, TypesettingFailed

PROCESSES = 2


class Command(BaseCommand):
    help = (
        "Makes every sheet of every published lesson that is not on the shelf yet, and takes away those of lessons "
        "that are gone. Run it every night: listings expire. Names the sheets that could not be made, and exits with 1."
    )

    def handle(self, **options):
        press, waiting, sheets, failed = Press(PROCESSES), {}, set(), []
        with ThreadPoolExecutor(PROCESSES) as threads:
            for lesson in LessonPage.objects.live().select_related("locale"):
                for kind in printables.KINDS.values():
                    html, assets = printables.compose(lesson, kind)
                    path = printables.place(lesson, kind, html)
                    sheets.add(printables.sheet_of(path))
                    if not path.exists():
                        made = threads.submit(make, press, path, html, assets)
                        waiting[made] = printables.file_name(lesson, kind)
            for future in as_completed(waiting):
                try:
                    future.result()
                except (TypesettingFailed, OSError) as error:
                    failed.append(f"{waiting[future]}: {error}")
        press.stop()
        take_away_all_but(sheets)
        if failed:
            raise CommandError("Some sheets could not be made:\n" + "\n".join(sorted(failed)))
        if waiting:
            self.stdout.write(f"Sheets made: {len(waiting)}.")


def make(press, path, html, assets):
    printables.store(path, press.print(html, assets))


def take_away_all_but(sheets):
    for path in settings.PRINTABLES_ROOT.glob("*.pdf"):
        if printables.sheet_of(path) not in sheets:
            path.unlink(missing_ok=True)

from concurrent.futures import ThreadPoolExecutor, as_completed

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum import printables
from curriculum.models import GuidePage, LessonPage
from curriculum.press import Press, TypesettingFailed

PROCESSES = 2


class Command(BaseCommand):
    help = (
        "Makes every sheet of every published page that is not on the shelf yet, and takes away those of pages "
        "that are gone. Run it every night: listings expire. Names the sheets that could not be made, and exits with 1."
    )

    def handle(self, **options):
        press, waiting, sheets, failed = Press(PROCESSES), {}, set(), []
        with ThreadPoolExecutor(PROCESSES) as threads:
            for page, kind in printed():
                html, assets = printables.compose(page, kind)
                path = printables.place(page, kind, html)
                sheets.add(printables.sheet_of(path))
                if not path.exists():
                    made = threads.submit(make, press, path, html, assets)
                    waiting[made] = printables.file_name(page, kind)
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


def printed():
    """Every published page with each sheet that it prints."""
    for model in (LessonPage, GuidePage):
        for page in model.objects.live().select_related("locale"):
            for kind in page.sheets:
                yield page, kind


def make(press, path, html, assets):
    printables.store(path, press.print(html, assets))


def take_away_all_but(sheets):
    for path in settings.PRINTABLES_ROOT.glob("*.pdf"):
        if printables.sheet_of(path) not in sheets:
            path.unlink(missing_ok=True)

from concurrent.futures import as_completed

from django.core.management.base import BaseCommand, CommandError

from curriculum import printables
from curriculum.models import LessonPage
from curriculum.press import Press, TypesettingFailed


class Command(BaseCommand):
    help = "Makes every sheet of every published lesson that is not on the shelf yet."

    def handle(self, **options):
        press, waiting, failed = Press(processes=2), {}, []
        lessons = LessonPage.objects.live().select_related("locale")
        for lesson in lessons:
            for kind in printables.KINDS.values():
                html, assets = printables.compose(lesson, kind)
                path = printables.place(lesson, kind, html)
                if not path.exists():
                    waiting[press.submit(html, assets)] = path
        for future in as_completed(waiting):
            try:
                printables.store(waiting[future], future.result())
            except TypesettingFailed as error:
                failed.append(f"{waiting[future].name}: {error}")
        press.stop()
        if failed:
            raise CommandError("Some sheets could not be made:\n" + "\n".join(failed))
        if waiting:
            self.stdout.write(f"Sheets made: {len(waiting)}.")

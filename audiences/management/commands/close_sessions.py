from django.core.management.base import BaseCommand

from audiences.class_sessions import close_overdue, scrub


class Command(BaseCommand):
    help = "Closes class sessions that are open for four hours, and deletes their seats. Run it every few minutes."

    def handle(self, *args, **options):
        closed = close_overdue()
        scrub()  # an earlier one may have met a reader
        if options["verbosity"]:
            self.stdout.write(f"Closed: {closed}")

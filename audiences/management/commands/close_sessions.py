from django.core.management.base import BaseCommand

from audiences.class_sessions import close_overdue


class Command(BaseCommand):
    help = "Closes class sessions that are open for four hours, and deletes their seats. Run it every few minutes."

    def handle(self, *args, **options):
        self.stdout.write(f"Closed: {close_overdue()}")

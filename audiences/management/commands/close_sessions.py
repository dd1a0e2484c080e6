from django.core.management.base import BaseCommand

from audiences.class_sessions import close_overdue


class Command(BaseCommand):
    help = "Closes the class sessions that have been open for four hours, and deletes their seats. Run it every hour."

    def handle(self, *args, **options):
        self.stdout.write(f"Closed: {close_overdue()}")

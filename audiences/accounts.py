"""How allauth behaves here, and how passwords are kept."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: editors are invited by an administrator."""

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        """The link leads to the site's own address, whatever host the request named."""
        asked = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{asked.path}"


class PasswordHasher(Argon2PasswordHasher):
    """Argon2 at OWASP's least cost: Django's takes 100 MB a try, and forty may sign in at once on a school's laptop."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

"""How allauth behaves here, and how passwords are kept."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.urls import reverse

from audiences import letters, qr
from curriculum.models.choices import Audience


class AccountAdapter(DefaultAccountAdapter):
    """One door for all adults. Who cannot get a letter cannot prove an address: then editors make the accounts."""

    def is_open_for_signup(self, request):
        return letters.can_be_sent()

    def pre_login(self, request, user, **login):
        if not login["signup"]:
            take_the_editors_word(user)
        return super().pre_login(request, user, **login)

    def reauthenticate(self, user, password):
        take_the_editors_word(user)
        return super().reauthenticate(user, password)

    def get_login_redirect_url(self, request):
        return reverse(first_page(request.user))

    def get_signup_redirect_url(self, request):
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def get_reset_password_from_key_url(self, key):
        """The link leads to the site's own address, whatever host the request named."""
        asked = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{asked.path}"

    def send_account_already_exists_mail(self, email):
        address = f"{settings.SITE_URL}{reverse('account_reset_password')}"
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": address})

    def send_mail(self, template_prefix, email, context):
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})


class SecondFactorAdapter(DefaultMFAAdapter):
    """The authenticator app knows the account by its address; the page draws the code itself, under our policy."""

    def build_totp_svg(self, url):
        return qr.path(url)


def first_page(user) -> str:
    """Where somebody goes who has just signed in, as a URL's name."""
    if user.has_perm("wagtailadmin.access_admin"):
        return "wagtailadmin_home"
    return "classrooms" if user.audience == Audience.TEACHER else "account"


def take_the_editors_word(user) -> None:
    """An account that an editor made, or gave another address, needs no proof of it. Who signs up has a row already."""
    known = EmailAddress.objects.filter(user=user)
    if not known.filter(email__iexact=user.email).exists():
        known.delete()
        EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)


class PasswordHasher(Argon2PasswordHasher):
    """Argon2 at OWASP's least cost: Django's takes 100 MB a try, and forty may sign in at once on a school's laptop."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

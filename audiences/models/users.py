import uuid

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models.choices import Audience


class UserManager(BaseUserManager):
    @classmethod
    def normalize_email(cls, email):
        """Small letters throughout: whoever signs in may type capitals."""
        return super().normalize_email(email).lower()

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Staff and other adults, known by e-mail. Pupils have no accounts, on purpose."""

    username = None
    email = models.EmailField(_("email address"), unique=True)
    audience = models.CharField(
        _("I am here as"),
        max_length=10,
        choices=[(Audience.TEACHER, _("a teacher")), (Audience.CAREGIVER, _("a parent or caregiver"))],
        default=Audience.CAREGIVER,
    )
    learner = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    def __str__(self):
        return self.email

    def save(self, *args, **kwargs):
        """An address that an editor took away, since somebody else reads it now, opens nothing any more."""
        super().save(*args, **kwargs)
        if "email" in (kwargs.get("update_fields") or ["email"]):
            self.emailaddress_set.exclude(email__iexact=self.email).delete()

"""Certificates: the name that may stand on one, what is printed, and what whoever holds its code may learn."""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audiences import limits, qr
from audiences.models import Certificate
from audiences.models.certificates import LONGEST_NAME
from curriculum import fonts, printables
from curriculum.models import CoursePage
from curriculum.models.access import in_readers_language

JOINERS = "\u200c\u200d"  # Tamil and its neighbours are written with them
UNPRINTED = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")  # controls, marks that turn the line round, nobody's letters
# The largest size that a name of so many columns may have; a Chinese character takes two columns.
SIZES = ((18, "largest"), (30, "large"), (44, "medium"))
GUESSES = 5  # wrong names a code
HOUR = 60 * 60  # seconds


class TooManyGuesses(Exception):
    """Somebody tries names; the code itself can still be checked."""


def clean_name(text: str) -> str:
    """A name as it will be printed. Raises `ValidationError`."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValidationError(_("Write the name that should stand on the certificate."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("This name is too long: %(most)d characters fit.") % {"most": LONGEST_NAME})
    if any(is_hidden(each) for each in name):
        raise ValidationError(_("There is a hidden character in this name. Type it anew instead of pasting it."))
    if not any(each.isalpha() for each in name):
        raise ValidationError(_("Write a name with letters in it."))
    if missing := fonts.missing(name):
        raise ValidationError(_("We cannot print these characters: %(them)s") % {"them": " ".join(missing)})
    return name


def is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in UNPRINTED and letter not in JOINERS


def size_of(name: str) -> str:
    """The class of a name by how much room it takes."""
    columns = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in name)
    return next((size for most, size in SIZES if columns <= most), "small")


def issue(user, course_key, name: str) -> Certificate:
    """One certificate a course; claiming it again corrects the name."""
    return Certificate.objects.update_or_create(holder=user, course=course_key, defaults={"name": name})[0]


def last_name(user) -> str:
    last = user.certificates.order_by("-issued_on", "-pk").first()
    return last.name if last else user.get_full_name()


def courses_by_key(keys) -> dict:
    """The courses in the active language, or in any other where they are not in it, by translation key."""
    return in_readers_language(CoursePage.objects.filter(translation_key__in=keys))


def course_of(certificate: Certificate) -> CoursePage | None:
    return courses_by_key([certificate.course]).get(certificate.course)


def plain_code(typed: str) -> str:
    """A code as people type it: in small letters, with spaces or hyphens."""
    return "".join(each for each in typed.upper() if each.isascii() and each.isalnum())


def find(typed: str) -> Certificate | None:
    return Certificate.objects.filter(code=plain_code(typed)).first()


def names_match(certificate: Certificate, typed: str) -> bool:
    """Whether a name is the printed one. Only a few wrong ones an hour are answered: raises `TooManyGuesses`."""
    key = f"certificate-guesses:{certificate.code}"
    if limits.tried(key) >= GUESSES:
        raise TooManyGuesses
    if folded(typed) == folded(certificate.name):
        return True
    limits.count(key, HOUR)
    return False


def folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def address_of(certificate: Certificate) -> str:
    return f"{settings.SITE_URL}{reverse('certificate_check', args=[certificate.code])}"


def compose(certificate: Certificate) -> str:
    """The document, in the active language."""
    address = address_of(certificate)
    return render_to_string(
        "audiences/print/certificate.html",
        {
            "certificate": certificate,
            "course": course_of(certificate),
            "language": get_language(),
            "size": size_of(certificate.name),
            "address": address,
            "qr": qr.path(address),
        },
    )


def printed(certificate: Certificate) -> bytes:
    """The PDF. Raises `PrintingFailed`."""
    return printables.print_once(compose(certificate))

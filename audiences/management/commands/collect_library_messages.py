from pathlib import Path

import allauth
import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FOLDER = settings.BASE_DIR / "locale" / "libraries"
LANGUAGES = ("ms", "ta", "zh_Hans")
DJANGO = Path(django.__file__).parent
ALLAUTH = Path(allauth.__file__).parent
# Catalogues whose messages a visitor can meet, and the sources within them that we show.
CATALOGUES = {
    DJANGO / "conf" / "locale": (),
    DJANGO / "contrib" / "auth" / "locale": (),
    ALLAUTH / "locale": (
        "account/",
        "core/",
        "templates/account/",
        "templates/allauth/",
        "utils.py",
        "mfa/adapter.py",
        "mfa/base/forms.py",
        "mfa/totp/forms.py",
        "mfa/recovery_codes/forms.py",
        "templates/mfa/reauthenticate.html",
        "templates/mfa/messages/totp",
        "templates/mfa/messages/recovery",
    ),
}
# Names of the languages of the world, and apps that are not installed.
NOT_SHOWN = (
    "conf/global_settings",
    "contrib/flatpages",
    "contrib/redirects",
    "contrib/gis",
    "contrib/postgres",
    "contrib/admin",
)


class Command(BaseCommand):
    """Django and allauth leave many messages empty in Malay and Tamil: this keeps our own catalogue of them whole."""

    help = "Adds to locale/libraries every message of Django and allauth that they leave untranslated."

    def handle(self, **options):
        try:
            import polib
        except ImportError:
            raise CommandError("This command needs polib, from requirements/test.txt.") from None
        for language in LANGUAGES:
            path = FOLDER / language / "LC_MESSAGES" / "django.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            ours = polib.pofile(str(path)) if path.exists() else polib.POFile()
            ours.metadata = {
                "Content-Type": "text/plain; charset=UTF-8",
                "Language": language,
                "Plural-Forms": "nplurals=1; plural=0;" if language != "ta" else "nplurals=2; plural=(n != 1);",
            }
            added = 0
            for entry in untranslated(language, polib):
                if not ours.find(entry.msgid, msgctxt=entry.msgctxt or False):
                    ours.append(entry)
                    added += 1
            ours.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
            ours.save(str(path))
            self.stdout.write(f"{language}: {added} new, {len(ours)} in all, {len(ours.untranslated_entries())} empty")


def untranslated(language, polib):
    """The messages that a library shows and has no translation for, as empty entries."""
    for locale, sources in CATALOGUES.items():
        english = polib.pofile(str(locale / "en" / "LC_MESSAGES" / "django.po"))
        path = locale / language / "LC_MESSAGES" / "django.po"
        theirs = polib.pofile(str(path)) if path.exists() else polib.POFile()
        for entry in english:
            files = [file for file, _line in entry.occurrences]
            if entry.obsolete or any(part in file for file in files for part in NOT_SHOWN):
                continue
            if sources and not any(part in file for file in files for part in sources):
                continue
            found = theirs.find(entry.msgid, msgctxt=entry.msgctxt or False)
            if found and found.translated():
                continue
            plural = {0: "", 1: ""} if language == "ta" else {0: ""}
            yield polib.POEntry(
                msgid=entry.msgid,
                msgctxt=entry.msgctxt,
                msgid_plural=entry.msgid_plural,
                msgstr="",
                msgstr_plural=plural if entry.msgid_plural else {},
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )

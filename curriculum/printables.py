"""What a lesson prints: sheets made once for each state of the lesson, kept on a shelf, and never half-written."""

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from curriculum.block_base import drawing_names
from curriculum.models.support import SupportService
from curriculum.press import STYLE_FILES, Press, TypesettingFailed

logger = logging.getLogger(__name__)
EDITION = "1"  # part of the shelf's key: change it when print templates change in a way that styles do not show


class PrintingFailed(Exception):
    """The sheet could not be made, and no earlier one is on the shelf."""


@dataclass(frozen=True)
class Kind:
    """One kind of sheet: its address, what it is called, and its template."""

    name: str
    label: str
    for_teachers: bool = False

    @property
    def template(self):
        return f"curriculum/print/{self.name.replace('-', '_')}.html"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("worksheet", _("Worksheet")),
        Kind("key", _("Answer key"), for_teachers=True),
        Kind("plan", _("Lesson plan"), for_teachers=True),
        Kind("quiet-sheet", _("Quiet sheet")),
        Kind("home-card", _("Home card")),
    )
}
press = Press()


def for_lesson(lesson):
    return list(KINDS.values())


def file_name(lesson, kind: Kind) -> str:
    """Says which sheet it is and nothing of its subject: `worksheet-s3-4-ta.pdf`."""
    return f"{kind.name}-{lesson.course.slug}-{lesson.slug}-{lesson.locale.language_code}.pdf"


def shelve(lesson, kind: Kind, on: Press = press) -> Path:
    """The PDF of this state of a lesson; made now if it is not on the shelf. Raises `PrintingFailed`."""
    html, assets = compose(lesson, kind)
    path = place(lesson, kind, html)
    if path.exists():
        return path
    try:
        content = on.print(html, assets)
    except TypesettingFailed as error:
        earlier = sorted(path.parent.glob(f"{path.name[: -len('.0123456789abcdef.pdf')]}.*.pdf"), key=os.path.getmtime)
        if earlier:
            return earlier[-1]
        raise PrintingFailed(str(error)) from error
    store(path, content)
    return path


def place(lesson, kind: Kind, html: str) -> Path:
    """Where this document belongs: its name holds a digest of everything that is printed."""
    digest = hashlib.sha256(f"{EDITION}{styles_digest()}{html}".encode()).hexdigest()[:16]
    stem = f"{lesson.translation_key}-{kind.name}-{lesson.locale.language_code}"
    return settings.PRINTABLES_ROOT / f"{stem}.{digest}.pdf"


def store(path: Path, content: bytes) -> None:
    """Writes a whole file or none, and takes away the earlier ones of the same sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
        except OSError:
            os.unlink(part.name)
            raise
    os.replace(part.name, path)
    stem = path.name.split(".")[0]
    for other in path.parent.glob(f"{stem}.*.pdf"):
        if other != path:
            other.unlink(missing_ok=True)


@cache
def styles_digest() -> str:
    folder = settings.BASE_DIR / "static" / "css"
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in STYLE_FILES)).hexdigest()


def compose(lesson, kind: Kind) -> tuple[str, dict[str, str]]:
    """The document of one sheet in the lesson's language, and the files that it may read."""
    language = lesson.locale.language_code
    course = lesson.course
    services = SupportService.objects.shown().in_language_of(lesson).fit_for(tier=course.tier, audience=course.audience)
    published = lesson.last_published_at or timezone.now()
    address = f"{settings.SITE_URL}{lesson.url}"
    with translation.override(language):
        html = render_to_string(
            kind.template,
            {
                "lesson": lesson,
                "page": lesson,
                "course": course,
                "kind": kind,
                "title": gettext("Lesson %(number)s: %(sheet)s") % {"number": lesson.slug, "sheet": kind.label},
                "language": language,
                "published": published,
                "version": lesson.live_revision_id or lesson.latest_revision_id or 0,
                "address": address,
                "qr": segno.make(address, error="m").svg_inline(border=4, omitsize=True),
                "strip": services.listed()[:3],
                "outcomes": lesson.outcomes.all(),
                "activities": lesson.activities.all(),
                "topics": lesson.topics_here,
                "with_answers": kind.name == "key",
                "on_paper": True,
            },
        )
    return html, assets_of(html)


@cache
def drawings() -> dict[str, str]:
    """Every shipped drawing by its asset name."""
    found = {f"img/drawings/{name}.svg": finders.find(f"img/drawings/{name}.svg") for name in drawing_names()}
    return found | {"img/tam.svg": finders.find("img/tam.svg")}


def assets_of(html: str) -> dict[str, str]:
    """The drawings, and those uploaded images that the document names, by asset name."""
    images = {}
    for piece in html.split('src="asset:media/')[1:]:
        name = piece.split('"', 1)[0]
        if default_storage.exists(name):
            images[f"media/{name}"] = default_storage.path(name)
    return drawings() | images


def shelve_quietly(lesson, kind: Kind) -> bool:
    """Like `shelve`, for when nobody waits: says whether it worked."""
    try:
        shelve(lesson, kind)
    except PrintingFailed:
        logger.exception("printable failed: %s %s", lesson.pk, kind.name)
        return False
    return True

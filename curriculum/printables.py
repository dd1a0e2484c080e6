"""What a page prints: sheets made once for each state of the page, kept on a shelf, and never half-written."""

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from curriculum.block_base import drawing_names
from curriculum.models.support import SupportService
from curriculum.press import STYLE_FILES, Backlog, Press, TypesettingFailed

EDITION = "1"  # part of the shelf's key: change it when print templates change in a way that styles do not show


class PrintingFailed(Exception):
    """The sheet could not be made, and no earlier one is on the shelf."""


@dataclass(frozen=True)
class Kind:
    """One kind of sheet: its address, what it is called, its template, and what that needs beside the page."""

    name: str
    label: str
    template: str
    for_teachers: bool = False
    with_answers: bool = False
    context: Callable[[Any], dict] = lambda page: {}


KINDS = {
    kind.name: kind
    for kind in (
        Kind("worksheet", _("Worksheet"), "curriculum/print/worksheet.html"),
        Kind("key", _("Answer key"), "curriculum/print/key.html", for_teachers=True, with_answers=True),
        Kind("plan", _("Lesson plan"), "curriculum/print/plan.html", for_teachers=True),
        # for a pupil who passes, in front of the class: no word of it here
        Kind("worksheet-b", _("Worksheet B"), "curriculum/print/worksheet_b.html"),
        Kind("home-card", _("Home card"), "curriculum/print/home_card.html"),
    )
}  # of a lesson; the apps above add theirs, each when it is ready
CARD = Kind("card", _("Card"), "curriculum/print/card.html", for_teachers=True)  # of a guide for one audience
PATIENCE = 15  # seconds that a reader, or an editor who publishes, waits for a sheet
press = Press()
backlog = Backlog(press)
waiting = threading.BoundedSemaphore(1)  # readers: of a process's two threads, one stays free for those who read


def for_learners():
    return [kind for kind in KINDS.values() if not kind.for_teachers]


def for_teachers():
    return [kind for kind in KINDS.values() if kind.for_teachers]


def file_name(page, kind: Kind) -> str:
    """Says which sheet it is and nothing of its subject: `worksheet-s3-4-ta.pdf`."""
    return f"{kind.name}-{page.neutral_code}-{page.locale.language_code}.pdf"


def shelve(page, kind: Kind) -> Path:
    """The PDF for a reader, at once if there is any.

    One that is not of this state of the page, because a listing expired or a translation was published since, is
    replaced meanwhile: the next reader gets the new one. Where there is none, the reader waits for it, but not for
    long and not with many others. Raises `PrintingFailed`.
    """
    path, order = ordered(page, kind)
    if order is None:
        return path
    if earlier := newest(path):
        return earlier
    wait_for(order)
    return path


def wait_for(order: Future) -> None:
    """Until a reader's sheet is there, but not for long, and not with many others. Raises `PrintingFailed`."""
    if not waiting.acquire(blocking=False):
        raise PrintingFailed("pdf_press_busy")
    try:
        order.result(PATIENCE)
    except (TypesettingFailed, TimeoutError, OSError) as error:
        raise PrintingFailed(str(error)) from error
    finally:
        waiting.release()


def print_once(html: str) -> bytes:
    """The PDF of a document that is made for whoever asks and kept nowhere. Raises `PrintingFailed`."""
    kept: list[bytes] = []
    wait_for(backlog.order(f"once-{uuid4()}", html, drawings(), kept.append))
    return kept[0]


def shelve_quietly(page, kind: Kind) -> bool:
    """Makes a sheet for when nobody asks for it yet: says whether it is there before long."""
    path, order = ordered(page, kind)
    if order:
        wait([order], PATIENCE)
    return path.exists()


def ordered(page, kind: Kind) -> tuple[Path, Future | None]:
    """The place of this state's sheet; and where it is not there yet, the order for it that is now in the backlog."""
    html, assets = compose(page, kind)
    path = place(page, kind, html)
    return path, None if path.exists() else backlog.order(path.name, html, assets, partial(store, path))


def newest(path: Path) -> Path | None:
    """The newest sheet of any state on the shelf that differs from `path` in the state only."""
    return max(same_sheets(path), key=os.path.getmtime, default=None)


def same_sheets(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{sheet_of(path)}.*.pdf"))


def sheet_of(path: Path) -> str:
    """Which sheet a file is, whatever its state."""
    return path.name.split(".")[0]


def place(page, kind: Kind, html: str) -> Path:
    """Where this document belongs: its name holds a digest of everything that is printed."""
    digest = hashlib.sha256(f"{EDITION}{styles_digest()}{html}".encode()).hexdigest()[:16]
    stem = f"{page.translation_key}-{kind.name}-{page.locale.language_code}"
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
    for other in same_sheets(path):
        if other != path:
            other.unlink(missing_ok=True)


@cache
def styles_digest() -> str:
    folder = settings.BASE_DIR / "static" / "css"
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in STYLE_FILES)).hexdigest()


def compose(page, kind: Kind) -> tuple[str, dict[str, str]]:
    """The document of one sheet in the page's language, and the files that it may read."""
    language = page.locale.language_code
    services = SupportService.objects.shown().in_language_of(page).fit_for(**page.readers).listed()
    published = page.last_published_at or timezone.now()
    address = f"{settings.SITE_URL}{page.url}"
    with translation.override(language):
        html = render_to_string(
            kind.template,
            {
                "page": page,
                "kind": kind,
                "title": page.sheet_title(kind),
                "language": language,
                "published": published,
                "version": page.live_revision_id or page.latest_revision_id or 0,
                "site": settings.SITE_URL,
                "address": address,
                "qr": segno.make(address, error="m").svg_inline(border=4, omitsize=True),
                "services": services,
                "strip": services[:3],
                "with_answers": kind.with_answers,
                "on_paper": True,
                **page.printed,
                **kind.context(page),
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

"""HTML to PDF with WeasyPrint, shut off from the network and from every file but the known assets. Pure; no Django."""

import re
from functools import cache
from pathlib import Path

import pydyf
import weasyprint
import weasyprint.draw.text
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from curriculum import fonts
from curriculum.press import STYLE_FILES, TypesettingFailed

STYLES = Path(__file__).resolve().parent.parent / "static" / "css"
ASSET = "asset:"
INDIC = re.compile("[\u0900-\u0dff]")
TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


class AssetFetcher(URLFetcher):
    """Serves `asset:` addresses from a dict of known files; everything else stops the document."""

    def __init__(self, assets: dict[str, str]) -> None:
        super().__init__()
        self.assets = assets

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = self.assets.get(url.removeprefix(ASSET)) if url.startswith(ASSET) else None
        if path is None:
            raise FatalURLFetchingError(f"pdf_blocked_resource: {url[:120]}")
        return URLFetcherResponse(
            url, Path(path).read_bytes(), {"Content-Type": TYPES.get(Path(path).suffix, "font/otf")}
        )


def _draw_first_line(stream, textbox, *args, **kwargs):  # type: ignore[no-untyped-def]
    """Wraps each line of an Indic script in its text, so that it can be copied, searched and read aloud.

    WeasyPrint's glyph map keeps the first cluster that it sees for a glyph, which scrambles extracted Tamil. This is
    the one function of a library that we wrap; the version is pinned, and `tests/curriculum/test_typesetting.py`
    extracts every word.
    """
    if not INDIC.search(textbox.text):
        return _original(stream, textbox, *args, **kwargs)
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(textbox.text)}))
    try:
        return _original(stream, textbox, *args, **kwargs)
    finally:
        stream.end_marked_content()


_original = weasyprint.draw.text.draw_first_line
weasyprint.draw.text.draw_first_line = _draw_first_line


def font_faces() -> str:
    """One `@font-face` a file, each file's family by its own name."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{ASSET}fonts/{file}"); }}'
        for file, (family, weight) in fonts.FACES.items()
    )


@cache
def styles() -> tuple[list[weasyprint.CSS], FontConfiguration]:
    configuration = FontConfiguration()
    fetcher = AssetFetcher({f"fonts/{file}": str(fonts.FOLDER / file) for file in fonts.FACES})
    texts = [font_faces(), *((STYLES / name).read_text(encoding="utf-8") for name in STYLE_FILES)]
    return [
        weasyprint.CSS(string=text, font_config=configuration, url_fetcher=fetcher) for text in texts
    ], configuration


def typeset(html: str, assets: dict[str, str]) -> bytes:
    """A tagged PDF of one document. `assets` maps the names after `asset:` to files.

    Raises `TypesettingFailed`. Runs in this process: callers use `Press`, which can be killed.
    """
    sheets, configuration = styles()
    try:
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=AssetFetcher(assets), media_type="print")
        return bytes(
            document.write_pdf(stylesheets=sheets, font_config=configuration, pdf_variant="pdf/ua-1", pdf_tags=True)
        )
    except FatalURLFetchingError as error:
        raise TypesettingFailed(str(error)) from None
    except (RecursionError, ZeroDivisionError, MemoryError) as error:
        raise TypesettingFailed(f"pdf_too_complex: {type(error).__name__}") from None
    except Exception as error:  # noqa: BLE001 - a library for which every document is an input
        raise TypesettingFailed(f"pdf_failed: {type(error).__name__}") from None

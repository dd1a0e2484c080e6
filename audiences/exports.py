"""The results of a session as a file: CSV, XLSX and PDF, all of the same rows as the screen."""

import csv
import io

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from audiences.results import SessionResults, in_words
from curriculum.printables import drawings, press

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a sum, or for worse
WIDTHS = (8, 48, 12, 40, 18, 48)  # characters


def rows(results: SessionResults) -> list[list[str]]:
    """The table: one row a bar, with a head. Nothing is in it that the screen does not show."""
    found = [[_("Question"), _("Text"), _("From"), _("Answer"), _("How many"), _("What a wrong one shows")]]
    for item in results.items:
        for chart in item.charts:
            start = [str(item.number), item.prompt, str(chart.source)]
            if not chart.bars:
                found.append([*start, "", chart.hidden, ""])
            for bar in chart.bars:
                answer = " / ".join(bar.texts) + (f" ({_('right')})" if bar.is_right else "")
                found.append([*start, answer, in_words(bar.share), bar.misconception])
    return found


def heading(session, lesson) -> list[list[str]]:
    return [
        [_("Class"), session.classroom.label],
        [_("Lesson"), lesson.title if lesson else ""],
        [_("Date"), session.opened_at.date().isoformat()],
    ]


def as_csv(session, lesson, results: SessionResults) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Tamil and Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in [*heading(session, lesson), [], *rows(results)]:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def as_xlsx(session, lesson, results: SessionResults) -> bytes:
    book = Workbook()
    page = book.active
    page.title = "Setuju"
    for row in [*heading(session, lesson), [], *rows(results)]:
        page.append(row)
    for cells in page.iter_rows():
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"  # text, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in page[len(heading(session, lesson)) + 2]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(session, lesson, results: SessionResults) -> bytes:
    """Raises `TypesettingFailed`."""
    context = {"session": session, "lesson": lesson, "results": results, "language": get_language()}
    return press.print(render_to_string("audiences/print/results.html", context), drawings())

"""Results as a file: CSV, XLSX and PDF, all of the same figures as the screen."""

import csv
import io
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from audiences.class_results import ClassResults
from audiences.results import SessionResults
from curriculum import printables

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a sum, or for worse
Rows = list[list[str]]


@dataclass(frozen=True)
class Report:
    """What is exported: a few lines of heading, a table with its head, and a page for the press."""

    heading: Rows
    table: Rows
    widths: tuple[int, ...]  # of columns, in characters
    template: str
    context: dict = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        return [*self.heading, [], *self.table]


def session_report(session, lesson, results: SessionResults) -> Report:
    heading = [
        [_("Class"), session.classroom.label],
        [_("Lesson"), lesson.title if lesson else ""],
        [_("Date"), session.day.isoformat()],
        [_("Joined"), str(results.joined)],
        [_("Finished"), str(results.finished)],
    ]
    context = {"session": session, "lesson": lesson, "results": results}
    widths = (8, 48, 12, 40, 18, 48)
    return Report(heading, session_table(results), widths, "audiences/print/results.html", context)


def session_table(results: SessionResults) -> Rows:
    """One row a bar, one for how many were right, and two for each outcome whose myths were asked before and after."""
    found = [[_("Question"), _("Text"), _("From"), _("Answer"), _("How many"), _("What a wrong one shows")]]
    for item in results.items:
        for chart in item.charts:
            start = [str(item.number), item.prompt, str(chart.source)]
            if not chart.bars:
                found.append([*start, "", chart.hidden, ""])
            for bar in chart.bars:
                answer = " / ".join(bar.texts) + (f" ({_('right')})" if bar.is_right else "")
                found.append([*start, answer, bar.number, bar.misconception])
        if item.right:
            found.append([str(item.number), item.prompt, "", _("Right, of all answers"), item.right.number, ""])
    for move in results.moves:
        for moment, told in moments(move):
            found.append(["", move.outcome, "", moment, told.number, ""])
    return found


def moments(move):
    return (_("Held a myth before"), move.before), (_("Held a myth after"), move.after)


def class_report(classroom, results: ClassResults) -> Report:
    days = [line.session.day.isoformat() for line in results.lines]
    heading = [[_("Class"), classroom.label], [_("Sessions"), str(len(days))], [_("Dates"), f"{days[-1]} – {days[0]}"]]
    context = {"classroom": classroom, "results": results}
    return Report(heading, class_table(results), (14, 40, 60, 18), "audiences/print/class_results.html", context)


def class_table(results: ClassResults) -> Rows:
    """Sessions, then myths, then every question in each session, as they stand on the screen."""
    found = [[_("Date"), _("Lesson"), _("What"), _("How many")]]
    for line in results.lines:
        start = [line.session.day.isoformat(), title(line.lesson)]
        found += [[*start, _("Joined"), str(line.results.joined)], [*start, _("Finished"), str(line.results.finished)]]
        if line.right:
            found.append([*start, _("Right, of all answers"), line.right.number])
    for each in results.moves:
        for moment, told in moments(each.move):
            found.append(["", title(each.lesson), f"{each.move.outcome} – {moment}", told.number])
    for item in results.items:
        what = _("Right: %(question)s") % {"question": item.newest.prompt}
        found.append(["", title(item.lesson), what, item.right.number])
        for session, result in item.times:
            found.append([session.day.isoformat(), title(item.lesson), what, result.right.number])
    return found


def title(lesson) -> str:
    return lesson.title if lesson else ""


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Tamil and Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in report.rows:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def as_xlsx(report: Report) -> bytes:
    book = Workbook()
    page = book.active
    page.title = "Setuju"
    for row in report.rows:
        page.append([ILLEGAL_CHARACTERS_RE.sub(" ", cell) for cell in row])
    for cells in page.iter_rows():
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"  # text, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in page[len(report.heading) + 2]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEF", report.widths, strict=False):
        page.column_dimensions[letter].width = width
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(report: Report) -> bytes:
    """Raises `PrintingFailed`."""
    return printables.print_once(render_to_string(report.template, {**report.context, "language": get_language()}))

"""Real documents through the real processes: what is set, what is shut out, and what a bad document can harm."""

import contextlib
import logging
import re
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import weasyprint
import weasyprint.draw.text
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from curriculum import typesetting
from curriculum.press import Press, TypesettingFailed

LANGUAGES = ("en", "ms", "zh-hans", "ta")
FAMILIES = {
    "Noto-Sans",
    "Noto-Sans-Bold",
    "Noto-Sans-Tamil",
    "Noto-Sans-Tamil-Bold",
    "Noto-Sans-SC",
    "Noto-Sans-SC-Bold",
}
SAMPLES = {
    "en": "Stop, look, check, ask.",
    "ms": "Berhenti, lihat, semak, tanya.",
    "zh-hans": "停一停，看一看，查一查，问一问。",
    "ta": "நிறுத்து, பார், சரிபார், கேள்.",
}
# Vowel signs before, after and around their consonant, ligatures, and words that share glyphs with others.
TAMIL_WORDS = """
    கொடுத்து கோபம் கௌரவம் கெட்ட கேள்வி கைபேசி ஸ்ரீ க்ஷமை ஜ்ஞானம் பணைய மலை இலை பார்க்கலாம் டுடே வீட்டு கூட்டு குழந்தை
    ஒப்புதல் தனியுரிமை நம்பிக்கை பெரியவர் சொல்லுங்கள் படங்கள் நிறுத்து சரிபார் உங்களுக்கு அவர்களோடு தொலைபேசியில்
    எடுத்துக்காட்டாக பாதுகாப்பாக உண்மையானதா பொய்யானதா யாருடைய தவறு அல்ல நண்பருக்கு ஆதரவாக இருப்போம் பேசுவோம்
    """.split()  # noqa: SIM905


def document(body, *, language="en", title="Lesson 4: Worksheet", head=""):
    return f'<html lang="{language}"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


BOMB = document("<table>" + "<tr><td>x<td>y" * 60_000)


def typeset_and_listen(html, assets):
    """The PDF and what WeasyPrint complains of; for a process of its own, where no Django is."""
    heard = []

    class Listener(logging.Handler):
        def emit(self, record):
            heard.append((record.levelname, record.getMessage()))

    logger, listener = logging.getLogger("weasyprint"), Listener()
    logger.addHandler(listener)
    try:
        return typesetting.typeset(html, assets), heard
    finally:
        logger.removeHandler(listener)


def extracted(pdf, *options):
    """What can be copied, searched and read aloud."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def fonts_in(pdf):
    """The names of the embedded fonts, and those that are only named; without the prefix of a subset."""
    embedded, named = set(), set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            name = re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"])
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            is_embedded = any(f"/FontFile{number}" in descriptor for number in ("", "2", "3"))
            (embedded if is_embedded else named).add(name)
    return embedded, named


@contextlib.contextmanager
def machine_without_fonts(folder):
    """Processes that start meanwhile find no font on this machine, as on a bare one: only what Setuju ships."""
    settings = folder / "fonts.conf"
    settings.write_text(f"<fontconfig><cachedir>{folder}</cachedir></fontconfig>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(settings))
        yield


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    """One process with a generous clock, for documents that are no danger."""
    press = Press(seconds=60)
    with machine_without_fonts(tmp_path_factory.mktemp("fonts")):
        press.print(document("<p>warm</p>"), {})
    yield press
    press.stop()


@pytest.fixture
def short_press():
    """A process that has started already, with three seconds for a document."""
    press = Press(seconds=60)
    press.print(document("<p>warm</p>"), {})
    press.seconds = 3
    yield press
    press.stop()


@pytest.fixture
def listener():
    """A server on this machine that only notes who knocks: `(address, knocks)`."""
    knocks = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        open_ = threading.Event()
        open_.set()

        def note():
            while open_.is_set():
                try:
                    connection, _address = server.accept()
                except TimeoutError:
                    continue
                knocks.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                connection.close()

        thread = threading.Thread(target=note)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/tam.png", knocks
        open_.clear()
        thread.join()


def process_of(press):
    (typesetter,) = press.typesetters
    return typesetter.process


# What is set


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_tagged_and_says_its_language_and_title(press, language):
    html = document(f"<h1>{SAMPLES[language]}</h1><p>{SAMPLES[language]}</p>", language=language)
    reader = PdfReader(BytesIO(press.print(html, {})))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    kinds = {node["/S"] for node in nodes_of(catalogue["/StructTreeRoot"])}
    assert {"/Document", "/H1", "/P"} <= kinds
    assert catalogue["/Lang"] == language
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == "Lesson 4: Worksheet"


def nodes_of(node):
    """The structure elements below a node of a tagged PDF."""
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from nodes_of(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_shipped_fonts_are_embedded(press, language):
    text = SAMPLES[language]
    embedded, named = fonts_in(press.print(document(f"<p>{text} <b>{text}</b></p>", language=language), {}))
    assert named == set()
    assert embedded
    assert embedded <= FAMILIES


def test_all_four_languages_can_stand_on_one_sheet(press):
    body = "".join(f'<p lang="{language}">{text} <b>{text}</b></p>' for language, text in SAMPLES.items())
    pdf = press.print(document(body), {})
    embedded, named = fonts_in(pdf)
    assert (embedded, named) == (FAMILIES, set())
    text = "".join(extracted(pdf).split())
    assert all("".join(sample.split()) in text for sample in SAMPLES.values())


@pytest.mark.parametrize("character", ["龨", "😀", "ا"])
def test_a_character_that_no_shipped_font_has_shows_up_as_a_complaint_or_a_strange_font(character):
    """What the sheets' tests look for does happen, where a character is missing."""
    pdf, heard = typeset_and_listen(document(f"<p>Before {character} after</p>"), {})
    embedded, named = fonts_in(pdf)
    assert any(".notdef" in message for _level, message in heard) or not (embedded | named) <= FAMILIES


def test_every_tamil_word_is_found_whole_in_the_text_of_the_pdf(press):
    pdf = press.print(document(f"<p>{' '.join(TAMIL_WORDS)}</p>", language="ta"), {})
    assert set(TAMIL_WORDS) - set(extracted(pdf).split()) == set()


def test_without_our_wrapper_tamil_words_are_scrambled(monkeypatch):
    monkeypatch.setattr(weasyprint.draw.text, "draw_first_line", typesetting._original)
    pdf = typesetting.typeset(document(f"<p>{' '.join(TAMIL_WORDS)}</p>", language="ta"), {})
    lost = set(TAMIL_WORDS) - set(extracted(pdf).split())
    assert len(lost) > 5


@pytest.mark.parametrize("language", ["en", "ms", "zh-hans"])
def test_latin_and_chinese_texts_are_found_whole(press, language):
    text = extracted(press.print(document(f"<p>{SAMPLES[language]}</p>", language=language), {}))
    assert SAMPLES[language] in text


def test_a_known_asset_is_drawn(press, tmp_path):
    drawing = tmp_path / "tam.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9"><text y="9">TAPIR</text></svg>')
    pdf = press.print(document('<img src="asset:img/tam.svg" alt="A tapir">'), {"img/tam.svg": str(drawing)})
    assert "TAPIR" in extracted(pdf)


# What is shut out

PLACES = {
    "img": '<img src="{}" alt="x">',
    "img set": '<img srcset="{} 2x" src="{}" alt="x">',
    "object": '<object data="{}"></object>',
    "embed": '<embed src="{}">',
    "background": "<style>p {{ background-image: url('{}') }}</style><p>x</p>",
    "style attribute": "<p style=\"background: url('{}')\">x</p>",
    "list marker": "<style>li {{ list-style-image: url('{}') }}</style><ul><li>x</li></ul>",
    "content": "<style>p::before {{ content: url('{}') }}</style><p>x</p>",
    "border": "<style>p {{ border: 3px solid; border-image: url('{}') 3 }}</style><p>x</p>",
    "page margin": "<style>@page {{ @top-left {{ content: url('{}') }} }}</style><p>x</p>",
    "import": "<style>@import url('{}');</style><p>x</p>",
    "font": "<style>@font-face {{ font-family: Y; src: url('{}') }} p {{ font-family: Y }}</style><p>x</p>",
    "link": '<link rel="stylesheet" href="{}"><p>x</p>',
    "attachment": '<link rel="attachment" href="{}"><p>x</p>',
    "attached link": '<a rel="attachment" href="{}">x</a>',
}
FORBIDDEN = {
    "file": "file:///etc/passwd",
    "data": "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20width=%229%22%20height=%229%22/%3E",
    "asset": "asset:../../../etc/passwd",
    "ftp": "ftp://127.0.0.1/tam.png",
}


@pytest.mark.parametrize("address", FORBIDDEN.values(), ids=FORBIDDEN)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_document_that_asks_for_anything_but_known_assets_is_not_made(press, place, address):
    with pytest.raises(TypesettingFailed, match=r"^pdf_blocked_resource: "):
        press.print(document(place.format(*[address] * 2)), {})


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_document_that_asks_the_network_is_not_made_and_opens_no_connection(press, place, listener):
    address, knocks = listener
    with pytest.raises(TypesettingFailed, match=r"^pdf_blocked_resource: "):
        press.print(document(place.format(*[address] * 2)), {})
    time.sleep(0.2)
    assert knocks == []


def test_without_our_fetcher_the_same_document_reaches_the_network(listener):
    address, knocks = listener
    weasyprint.HTML(string=document(PLACES["img"].replace("{}", address))).write_pdf()
    assert b"GET /tam.png" in b"".join(knocks)


DRAWINGS = {
    "image": '<image {}="{}" width="99" height="9"/>',
    "use": '<use {}="{}#x"/>',
    "style": '<style>@import url("{1}");</style><rect width="9" height="9" fill="url({1})"/>',
}


def secret_drawing(folder):
    secret = folder / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9"><g id="x"><text y="9">TOPSECRET</text></g></svg>'
    )
    return secret


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
@pytest.mark.parametrize("content", DRAWINGS.values(), ids=DRAWINGS)
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "asset"])
def test_a_drawing_that_asks_for_more_gets_nothing(press, tmp_path, listener, attribute, content, inline):
    """WeasyPrint leaves out what a drawing may not have, instead of stopping: what counts is that nobody was asked."""
    address, knocks = listener
    for wanted in (secret_drawing(tmp_path).as_uri(), address):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 99 9">'
            f"{content.format(attribute, wanted)}</svg>"
        )
        (tmp_path / "tam.svg").write_text(svg)
        body = svg if inline else '<img src="asset:img/tam.svg" alt="x">'
        with contextlib.suppress(TypesettingFailed):
            assert "TOPSECRET" not in extracted(press.print(document(body), {"img/tam.svg": f"{tmp_path}/tam.svg"}))
    assert knocks == []


def test_without_our_fetcher_the_same_drawing_shows_the_file(tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9">{}</svg>'
    body = svg.format(DRAWINGS["image"].format("href", secret_drawing(tmp_path).as_uri()))
    assert "TOPSECRET" in extracted(weasyprint.HTML(string=document(body)).write_pdf())


def test_a_drawing_cannot_read_a_file_through_an_entity(press, tmp_path):
    secret, drawing = tmp_path / "secret", tmp_path / "tam.svg"
    secret.write_text("TOPSECRET")
    drawing.write_text(
        f'<!DOCTYPE svg [<!ENTITY secret SYSTEM "file://{secret}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9"><text y="9">&secret;</text></svg>'
    )
    try:
        pdf = press.print(document('<img src="asset:img/tam.svg" alt="x"><p>after</p>'), {"img/tam.svg": str(drawing)})
    except TypesettingFailed:
        return
    assert "TOPSECRET" not in extracted(pdf)


def test_a_link_to_click_is_no_request(press, listener):
    address, knocks = listener
    assert press.print(document(f'<a href="{address}">read on</a>'), {}).startswith(b"%PDF")
    assert knocks == []


def test_a_blocked_document_leaves_its_process_for_the_next(press):
    press.print(document("<p>before</p>"), {})
    process = process_of(press)
    with pytest.raises(TypesettingFailed):
        press.print(document('<img src="file:///etc/passwd" alt="x">'), {})
    assert "after" in extracted(press.print(document("<p>after</p>"), {}))
    assert process_of(press) is process


# What a bad document can harm


def test_a_document_that_takes_too_long_is_killed_with_its_process(short_press):
    process, start = process_of(short_press), time.monotonic()
    with pytest.raises(TypesettingFailed, match=r"^pdf_too_slow: over 3 seconds$"):
        short_press.print(BOMB, {})
    assert 2.9 < time.monotonic() - start < 10
    process.join(5)
    assert process.exitcode == -9


def test_the_next_document_after_one_that_took_too_long_is_made(short_press):
    with pytest.raises(TypesettingFailed):
        short_press.print(BOMB, {})
    short_press.seconds = 60
    assert "after" in extracted(short_press.print(document("<p>after</p>"), {}))


def test_a_process_that_is_killed_fails_its_document_only(short_press):
    short_press.seconds = 60
    killer = threading.Timer(0.5, process_of(short_press).kill)
    killer.start()
    with pytest.raises(TypesettingFailed, match=r"^pdf_process_died$"):
        short_press.print(BOMB, {})
    assert "after" in extracted(short_press.print(document("<p>after</p>"), {}))


def test_a_process_that_died_between_two_documents_fails_neither(short_press):
    process = process_of(short_press)
    process.kill()
    process.join(5)
    time.sleep(0.5)
    short_press.seconds = 60
    assert "after" in extracted(short_press.print(document("<p>after</p>"), {}))


def test_documents_that_wait_behind_a_bad_one_are_made(short_press):
    """Their clocks start when their turn comes, in a process that is ready: on a crowded machine too."""
    bodies = [BOMB, *(document(f"<p>number {number}</p>") for number in range(1, 5))]
    with ThreadPoolExecutor(len(bodies)) as threads:
        bad, *others = [threads.submit(short_press.print, body, {}) for body in bodies]
    with pytest.raises(TypesettingFailed, match=r"^pdf_too_slow"):
        bad.result()
    assert [extracted(other.result()).split()[:2] for other in others] == [["number", str(n)] for n in range(1, 5)]


def test_documents_of_two_processes_do_not_wait_for_each_other():
    press = Press(processes=2, seconds=60)
    with ThreadPoolExecutor(2) as threads:
        try:
            list(threads.map(lambda word: press.print(document(word), {}), ["warm", "warm"]))
            press.seconds = 8
            bad = threads.submit(press.print, BOMB, {})
            time.sleep(0.5)
            assert "beside" in extracted(press.print(document("<p>beside</p>"), {}))
            assert not bad.done()
        finally:
            press.stop()


def test_a_document_that_works_too_long_is_ended_by_the_system():
    press = Press(seconds=100, work=2)
    try:
        press.print(document("<p>warm</p>"), {})
        process = process_of(press)
        with pytest.raises(TypesettingFailed, match=r"^pdf_too_slow: over 2 seconds of work$"):
            press.print(BOMB, {})
        assert process.exitcode == -signal.SIGXCPU
        assert "after" in extracted(press.print(document("<p>after</p>"), {}))
    finally:
        press.stop()


def test_the_work_of_earlier_documents_does_not_count():
    press, text = Press(seconds=100, work=1), document("<p>Stop, look, check, ask.</p>" * 200)
    try:
        press.print(text, {})
        process, used = process_of(press), 0
        while used < 4:
            press.print(text, {})
            used = sum(int(ticks) for ticks in Path(f"/proc/{process.pid}/stat").read_text().split()[13:15]) / 100
        assert process_of(press) is process
    finally:
        press.stop()


def test_a_document_that_wants_more_memory_than_there_is_fails_alone():
    press = Press(seconds=100, work=100, memory=340 << 20)
    try:
        press.print(document("<p>warm</p>"), {})
        with pytest.raises(TypesettingFailed, match=r"^pdf_(too_complex: MemoryError|process_died|failed)"):
            press.print(document("<p>x</p>" * 100_000), {})
        assert "after" in extracted(press.print(document("<p>after</p>"), {}))
    finally:
        press.stop()


def test_a_chinese_document_of_many_pages_has_memory_enough(press):
    """The widest font and more pages than any sheet, under the limits that the site has."""
    limits = press.memory
    pdf = press.print(document(f"<p>{SAMPLES['zh-hans'] * 20}</p>" * 100, language="zh-hans"), {})
    assert len(PdfReader(BytesIO(pdf)).pages) > 10
    (peak,) = re.findall(r"VmPeak:\s+(\d+) kB", Path(f"/proc/{process_of(press).pid}/status").read_text())
    assert int(peak) * 1024 < limits / 2


TOO_COMPLEX = {
    "nested": ("<div>" * 5000 + "x" + "</div>" * 5000, "pdf_too_complex: RecursionError"),
    "huge": ('<p style="font-size: 1e30px; border: 1e30px solid">x</p>', "pdf_too_complex: ZeroDivisionError"),
}


@pytest.mark.parametrize(("body", "code"), TOO_COMPLEX.values(), ids=TOO_COMPLEX)
def test_a_document_beyond_reason_fails_alone_and_says_why(press, body, code):
    with pytest.raises(TypesettingFailed, match=f"^{code}$"):
        press.print(document(body), {})
    assert "after" in extracted(press.print(document("<p>after</p>"), {}))


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError, "pdf_too_complex: MemoryError"), (ValueError, "pdf_failed: ValueError"),
     (FatalURLFetchingError, "pdf_blocked_resource")],
)  # fmt: skip
def test_whatever_weasyprint_raises_is_a_failure_with_a_code(monkeypatch, error, code):
    def fail(*args, **kwargs):
        raise error("pdf_blocked_resource: x")

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", fail)
    with pytest.raises(TypesettingFailed, match=f"^{code}"):
        typesetting.typeset(document("<p>x</p>"), {})


def test_a_press_that_is_stopped_leaves_no_process():
    press = Press(seconds=60)
    press.print(document("<p>x</p>"), {})
    process = process_of(press)
    press.stop()
    process.join(5)
    assert process.exitcode is not None

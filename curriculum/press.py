"""Processes that set type (`curriculum/typesetting.py`): a hanging or dying document harms nothing else. Pure."""

import contextlib
import logging
import multiprocessing
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import LifoQueue, SimpleQueue

logger = logging.getLogger(__name__)
STYLE_FILES = ("tokens.css", "paper.css", "certificate.css")
SECONDS = 25  # wall clock for one document; then its process is killed
WORK = 20  # seconds of work of the processor for one document; then the system kills its process
MEMORY = 1 << 30  # bytes of address space: a Chinese sheet, the largest, needs a third of it
START = 60  # seconds in which a process must be ready: what a crowded machine needs, and more
LONGEST_BACKLOG = 300  # documents
REST = 600  # seconds before a document that failed is tried again


class TypesettingFailed(Exception):
    """The document could not be made. The message starts with a code, `pdf_too_slow: over 25 seconds`:

    `pdf_blocked_resource`, `pdf_too_slow`, `pdf_too_complex`, `pdf_failed` or `pdf_process_died`.
    """


def work(connection: Connection, seconds: int, memory: int) -> None:
    """The life of a process: says that it is ready, then answers each document with a PDF or with a failure's text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(EOFError, BrokenPipeError):  # nobody is there any more
        try:
            from curriculum import typesetting  # WeasyPrint is loaded in the process that sets type, and only there

            typesetting.styles()
        except BaseException as error:  # noqa: BLE001 - it is the other process that must know
            connection.send(f"pdf_failed: {type(error).__name__}")
            return
        connection.send(b"ready")
        while True:
            html, assets = connection.recv()
            limit_work(seconds)
            try:
                answer: bytes | str = typesetting.typeset(html, assets)
            except TypesettingFailed as error:
                answer = str(error)
            except BaseException as error:  # noqa: BLE001 - WeasyPrint has failures of its own that are no Exception
                answer = f"pdf_failed: {type(error).__name__}"
            connection.send(answer)


def limit_work(seconds: int) -> None:
    """From now on: the limit counts a process's whole life, so each document moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


class Typesetter:
    """One process, one document at a time."""

    def __init__(self, work_seconds: int, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.work_seconds = work_seconds
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, work_seconds, memory), daemon=True)
        self.process.start()
        theirs.close()
        self.answer_within(START)

    def set(self, html: str, assets: dict[str, str], seconds: float) -> bytes:
        with contextlib.suppress(OSError):  # it died: reading says so too
            self.connection.send((html, assets))
        return self.answer_within(seconds)

    def answer_within(self, seconds: float) -> bytes:
        """What the process says. One that is late or that failed in an unknown state is not used again."""
        try:
            if not self.connection.poll(seconds):
                self.stop()
                raise TypesettingFailed(f"pdf_too_slow: over {seconds} seconds")
            answer = self.connection.recv()
        except (EOFError, OSError):
            self.process.join(5)  # it ends, and tells how
            self.stop()
            if self.process.exitcode == -signal.SIGXCPU:
                raise TypesettingFailed(f"pdf_too_slow: over {self.work_seconds} seconds of work") from None
            raise TypesettingFailed("pdf_process_died") from None
        if isinstance(answer, bytes):
            return answer
        if not answer.startswith("pdf_blocked_resource"):
            self.stop()
        raise TypesettingFailed(answer)

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join(5)


class Press:
    """A few processes that set type; one that hangs or dies is replaced, and its document fails alone.

    Documents wait for each other; the clock of each starts when a process has taken it.
    """

    def __init__(self, processes: int = 1, seconds: float = SECONDS, work: int = WORK, memory: int = MEMORY) -> None:
        self.seconds, self.work, self.memory = seconds, work, memory
        self.typesetters: list[Typesetter | None] = [None] * processes
        self.free: LifoQueue[int] = LifoQueue()
        for number in range(processes):
            self.free.put(number)

    def print(self, html: str, assets: dict[str, str]) -> bytes:
        """The PDF's bytes. Raises `TypesettingFailed`."""
        number = self.free.get()
        try:
            typesetter = self.typesetters[number]
            if typesetter is None or not typesetter.process.is_alive():
                typesetter = self.typesetters[number] = Typesetter(self.work, self.memory)
            return typesetter.set(html, assets, self.seconds)
        finally:
            self.free.put(number)

    def stop(self) -> None:
        """Kills the processes; the next document starts new ones."""
        for number, typesetter in enumerate(self.typesetters):
            if typesetter is not None:
                self.typesetters[number] = None
                typesetter.stop()


class Backlog:
    """Documents that wait for a press, each once. One thread brings them; it ends with the server, in mid-document."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.lock = threading.Lock()
        self.orders: dict[str, tuple[Future[None], float]] = {}  # and when a failed one may be tried again
        self.waiting: SimpleQueue[tuple[str, str, dict[str, str], Callable[[bytes], None]]] = SimpleQueue()
        self.thread: threading.Thread | None = None

    def order(self, name: str, html: str, assets: dict[str, str], keep: Callable[[bytes], None]) -> "Future[None]":
        """A future of the moment when `keep` has taken the PDF. It fails with what `Press.print` or `keep` raises."""
        with self.lock:
            now = time.monotonic()
            self.orders = {key: order for key, order in self.orders.items() if not order[0].done() or order[1] > now}
            if name in self.orders:
                return self.orders[name][0]
            future: Future[None] = Future()
            if self.waiting.qsize() >= LONGEST_BACKLOG:
                future.set_exception(TypesettingFailed("pdf_press_busy"))
                return future
            self.orders[name] = future, 0
            self.waiting.put((name, html, assets, keep))
            if self.thread is None:  # here and not earlier: a server may fork after it has loaded this module
                self.thread = threading.Thread(target=self.work_off, name="backlog", daemon=True)
                self.thread.start()
            return future

    def work_off(self) -> None:
        while True:
            name, html, assets, keep = self.waiting.get()
            future, _until = self.orders[name]
            try:
                keep(self.press.print(html, assets))
            except Exception as error:
                logger.exception("printable failed: %s", name)
                with self.lock:
                    self.orders[name] = future, time.monotonic() + REST
                future.set_exception(error)
            else:
                future.set_result(None)

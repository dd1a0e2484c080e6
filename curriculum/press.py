"""Processes that set type (`curriculum/typesetting.py`): a hanging or dying document harms nothing else. Pure."""

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

STYLE_FILES = ("tokens.css", "paper.css")
SECONDS = 25  # wall clock for one document; then its process is killed


class TypesettingFailed(Exception):
    """The document could not be made: blocked resource, too slow, or a crash. The message says which."""


def _typeset(html: str, assets: dict[str, str]) -> bytes:
    from curriculum.typesetting import typeset  # WeasyPrint is loaded in the process that sets type, and only there

    return typeset(html, assets)


class Press:
    """A few processes that set type; one that hangs or dies is replaced, and its document fails alone."""

    def __init__(self, processes: int = 1, seconds: int = SECONDS) -> None:
        self.processes, self.seconds = processes, seconds
        self.pool: ProcessPoolExecutor | None = None

    def submit(self, html: str, assets: dict[str, str]) -> "Future[bytes]":
        """A future of the PDF's bytes."""
        if self.pool is None:
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(self.processes, mp_context=context)
        try:
            return self.pool.submit(_typeset, html, assets)
        except BrokenProcessPool:  # its process died since the last document
            self.stop()
            return self.submit(html, assets)

    def print(self, html: str, assets: dict[str, str]) -> bytes:
        """The PDF's bytes; raises `TypesettingFailed` after `seconds`, or when the process died."""
        try:
            return bytes(self.submit(html, assets).result(timeout=self.seconds))
        except TimeoutError:
            self.stop()
            raise TypesettingFailed(f"pdf_too_slow: over {self.seconds} seconds") from None
        except BrokenProcessPool:
            self.stop()
            raise TypesettingFailed("pdf_process_died") from None

    def stop(self) -> None:
        """Kills the processes; the next document starts new ones."""
        if self.pool is not None:
            processes = list((self.pool._processes or {}).values())
            self.pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.kill()
                process.join(5)
            self.pool = None

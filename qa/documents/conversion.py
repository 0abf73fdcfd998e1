"""Web pages and PDFs to text, in a process of its own: what hangs, crashes or fills the memory takes only that down."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from qa.documents.formats import MOST_BYTES, Content, FileProblem, read_bytes
from qa.documents.pdf import read_pdf
from qa.documents.web_page import read_page

Progress = Callable[[str], None]
MOST_PDF_BYTES = 200_000_000
MOST_SECONDS = 60  # without a word from the converter: one page of a PDF, or a whole web page
MOST_MEMORY = 1_500_000_000  # bytes beyond what the process has when it starts


class Converter:
    """Converts one file after the other; the process starts with the first and is started anew when it fell."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._seconds = seconds
        self._process: Any = None
        self._line: Connection | None = None

    def convert(self, path: Path, progress: Progress = lambda told: None) -> Content:
        """The text of a file; raises FileProblem with the reason when none can be had."""
        if self._line is None:
            self._start()
        assert self._line is not None  # for the type checker: _start has set it
        try:
            self._line.send(path)
            while self._line.poll(self._seconds):
                told = self._line.recv()
                if isinstance(told, Content):
                    return told
                if isinstance(told, FileProblem):
                    raise told
                progress(told)
        except (EOFError, OSError) as problem:
            self.close()
            raise FileProblem("it crashed its reader") from problem
        self.close()
        raise FileProblem(f"given up: {self._seconds:g} seconds without getting on")

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit locks of other threads
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._line is not None:
            self._line.close()
            self._process.kill()
            self._process.join()
            self._line = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _work(line: Connection) -> None:
    """Converts what it is told to until the line closes."""
    _limit_memory()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            line.send(_result(line.recv(), line.send))


def _result(path: Path, progress: Progress) -> Content | FileProblem:
    try:
        if path.suffix.lower() == ".pdf":
            return read_pdf(read_bytes(path, MOST_PDF_BYTES), progress)
        return read_page(read_bytes(path, MOST_BYTES))
    except FileProblem as problem:
        return FileProblem(str(problem))
    except MemoryError:
        return FileProblem(f"it unfolds to more than {MOST_MEMORY / 1e9:g} GB in memory")
    except RecursionError:
        return FileProblem("nested too deep to be read")
    except Exception as problem:  # whatever a library raises on a broken file is this file's problem alone
        return FileProblem(f"cannot be read ({type(problem).__name__}: {str(problem)[:120]})")


def _limit_memory() -> None:
    """Where the system can: a bomb must meet a MemoryError, not the machine's end."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

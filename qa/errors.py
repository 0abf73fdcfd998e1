"""Everything Fonte raises on purpose.

    FonteError
    ├── CorpusError       a corpus folder or one of its files is not as it must be
    ├── DataError         a data file of a language is not as it must be
    ├── QuestionSetError  a question set or labelled file is not as it must be
    ├── InputError        a question, a text or an option from outside is not as it must be
    └── EngineError       a search engine is away or refuses

Messages name the file, the line or field, and the value. "I do not know" is a value, never one of these.
"""


class FonteError(Exception):
    """Base of all; its text is one sentence for the person who can mend it."""


class CorpusError(FonteError):
    """A corpus folder, or a file of it, cannot be used as it is."""


class DataError(FonteError):
    """A language's data file breaks the rules of its form."""


class QuestionSetError(FonteError):
    """A question set, run or labelled file cannot be read, or no longer fits its corpus."""


class InputError(FonteError):
    """A value from outside is wrong; `field` names it, or is None when no single field is to blame."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class EngineError(FonteError):
    """The search engine cannot be reached or does not answer as it should."""

"""A hook for schemathesis, loaded into its process: notes each reply as it comes, so that no stop loses the count."""

import os
from pathlib import Path
from typing import Any

import schemathesis

FILE = "FONTE_FUZZ_REPLIES"
"""The variable that names the file, which exists: a digit is added for each reply, the first of its status."""


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Called by schemathesis after each reply."""
    with Path(os.environ[FILE]).open("a", encoding="ascii") as replies:
        replies.write(str(response.status_code)[0])

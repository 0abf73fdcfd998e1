"""Coroutines in tests."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """What a coroutine returns, in a thread of its own: once Playwright ran, the main one has a loop without end."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(main())).result()

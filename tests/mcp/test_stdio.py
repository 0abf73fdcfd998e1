"""`qa mcp` in a process of its own, spoken to by the official client, and by hand to see every byte it writes."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.event_loop import run_apart

mcp = pytest.importorskip("mcp", reason="the extra [mcp] is not installed")

CANARY = "canarino verde 9917"
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def session(work: Callable[[Any], Awaitable[Any]], *options: str, mode: str = "auto") -> Any:
    """What `work` makes of a client that is connected to a new `qa mcp`."""
    command = mcp.StdioServerParameters(command=sys.executable, args=["-m", "qa", "mcp", *options])

    async def run() -> Any:
        async with mcp.Client(command, mode=mode, read_timeout_seconds=120) as client:
            return await work(client)

    return run_apart(run)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_asks_searches_and_reads(mode: str) -> None:
    async def work(client: Any) -> Any:
        tools = await client.list_tools()
        answer = await client.call_tool("ask", {"question": "is kratom addictive"})
        found = await client.call_tool("search", {"query": "magnesio"})
        fetched = await client.call_tool("fetch", {"id": found.structured_content["results"][0]["id"]})
        resources = await client.list_resources()
        read = await client.read_resource(resources.resources[0].uri)
        return client.instructions, tools, answer, found, fetched, resources, read

    instructions, tools, answer, found, fetched, resources, read = session(work, mode=mode)
    assert "every caveat" in instructions
    assert [tool.name for tool in tools.tools] == ["ask", "assess", "search", "fetch"]
    assert all(tool.annotations.read_only_hint for tool in tools.tools)
    corpus = load_corpus(SHIPPED_CORPUS)
    assert answer.structured_content == answer_json(Answerer(corpus).ask("is kratom addictive"))
    assert json.loads(answer.content[0].text) == answer.structured_content
    assert fetched.structured_content["text"] == found.structured_content["results"][0]["text"]
    assert [resource.name for resource in resources.resources] == [document.id for document in corpus.documents]
    assert read.contents[0].text == corpus.documents[0].text
    assert any(passage["caveats"] for passage in json.loads(read.contents[1].text)["passages"])


def test_misuse_is_an_answer_and_the_server_goes_on() -> None:
    async def work(client: Any) -> Any:
        wrong = [
            await client.call_tool("ask", {"question": ""}),
            await client.call_tool("ask", {"question": "a", "limit": 99}),
            await client.call_tool("cook", {}),
        ]
        with pytest.raises(mcp.MCPError, match="no document at this address"):
            await client.read_resource("fonte://documents/nowhere")
        return wrong, await client.call_tool("ask", {"question": "magnesium"})

    wrong, right = session(work)
    assert [result.is_error for result in wrong] == [True, True, True]
    assert "question is empty" in wrong[0].content[0].text
    assert not right.is_error


def test_a_corpus_of_ones_own_with_a_difficult_name(tmp_path: Path) -> None:
    text = "Zinc dressings are changed every day, and the nurse looks at the wound before a new one is put."
    (tmp_path / "l'età 🦵.txt").write_text(text, "utf-8")

    async def work(client: Any) -> Any:
        uri = (await client.list_resources()).resources[0].uri
        return uri, await client.read_resource(uri)

    uri, read = session(work, "--corpus", str(tmp_path))
    assert uri == "fonte://documents/l%27et%C3%A0%20%F0%9F%A6%B5"
    assert read.contents[0].text == text


@dataclass(frozen=True)
class Done:
    """What a process wrote, all of it, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def by_hand(*messages: object, replies: int = 0, code: str | None = None) -> Done:
    """The process after these lines, so many lines in reply, and then the end of its input."""
    command = [sys.executable, *(["-c", code] if code else ["-m", "qa", "mcp"])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        assert process.stdin
        assert process.stdout
        for each in messages:
            process.stdin.write((each if isinstance(each, str) else json.dumps(each)) + "\n")
        process.stdin.flush()
        read = "".join(process.stdout.readline() for _ in range(replies))
        rest, told = process.communicate(timeout=120)
        return Done(process.returncode, read + rest, told)


def ask(number: int, question: str) -> dict[str, object]:
    """A call of the tool `ask`."""
    call = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}


def test_nothing_but_the_protocol_on_standard_output_and_no_question_on_the_other() -> None:
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    unknown = {"jsonrpc": "2.0", "id": 2, "method": f"tools/{CANARY}"}
    done = by_hand(INITIALIZE, ready, ask(1, CANARY), unknown, "{not json", ask(3, CANARY * 99), replies=4)
    written = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {reply.get("id") for reply in written} >= {0, 1, 2, 3}
    assert all(reply["jsonrpc"] == "2.0" for reply in written)
    assert CANARY not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stray_print_does_not_reach_the_client() -> None:
    code = textwrap.dedent("""
        from qa.answering.answerer import Answerer
        from qa.documents.corpus import load_corpus
        from qa.mcp.server import serve
        from qa.settings import SHIPPED_CORPUS

        class Loud(Answerer):
            def ask(self, *given, **named):
                print("STRAY")
                return super().ask(*given, **named)

        serve(Loud(load_corpus(SHIPPED_CORPUS)))
    """)
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    done = by_hand(INITIALIZE, ready, ask(1, "magnesium"), replies=2, code=code)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 1]
    assert "STRAY" in done.stderr


def test_a_missing_corpus_is_told_before_a_word_of_protocol(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qa", "mcp", "--corpus", str(tmp_path / "nowhere")]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no such folder" in done.stderr


def test_without_the_extra_one_line_says_what_to_install() -> None:
    code = textwrap.dedent("""
        import importlib.machinery, sys
        class Absent:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in ("mcp", "mcp_types"):
                    raise ModuleNotFoundError(name=name)
        sys.meta_path.insert(0, Absent())
        import importlib.util
        found = importlib.util.find_spec
        importlib.util.find_spec = lambda name, package=None: None if name in ("mcp", "mcp_types") else found(name)
        from qa.cli import main
        main(["mcp"])
    """)
    done = by_hand(code=code)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == ("qa: `qa mcp` needs the package mcp, version 2 or later: pip install 'fonte[mcp]'")

"""The tools and documents over the Model Context Protocol, on standard input and output."""

import json
import logging
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import anyio
import mcp_types as types
from mcp import MCPError
from mcp.server import Server
from mcp.server.stdio import stdio_server

from qa.answering.answerer import Answerer
from qa.documents.document import Document
from qa.errors import EngineError, InputError
from qa.language.messages import english_names
from qa.mcp.tools import SCHEME, TOOLS, call, document_address, find_document, passages_json

PAGE = 200
"""Documents in one reply to `resources/list`."""

INSTRUCTIONS = (
    f"Fonte answers from a fixed collection of health texts in {english_names(' and ')}, with verbatim passages. Quote "
    "them as they are with their source. Pass on every caveat of a passage you use: it says that the passage promotes "
    "something or brings no evidence in people. Where `answered` is false, say that these texts do not answer; do not "
    "fill the gap as if they did. An alert comes first. None of this is medical advice."
)


def serve(answerer: Answerer) -> None:
    """Answers on standard input and output until the client closes them."""
    logging.getLogger("mcp").setLevel(logging.CRITICAL)  # its warnings may hold what was asked

    async def main() -> None:
        server = build(answerer)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(main)


def build(answerer: Answerer) -> Server[Any]:
    """The server over one answerer."""

    async def list_tools(context: Any, asked: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=_tools())

    async def call_tool(context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await anyio.to_thread.run_sync(_called, answerer, asked.name, asked.arguments or {})

    async def list_resources(context: Any, asked: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return _resources(answerer, asked.cursor if asked else None)

    async def list_templates(
        context: Any, asked: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="document",
            uri_template=f"{SCHEME}{{+id}}",
            description="A document of the collection, word for word.",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(context: Any, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await anyio.to_thread.run_sync(_read, answerer, str(asked.uri))

    return Server(
        "fonte",
        title="Fonte",
        version=_version(),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _version() -> str:
    try:
        return version("fonte")
    except PackageNotFoundError:  # a checkout that is not installed
        return "0"


def _tools() -> list[types.Tool]:
    hints = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return [
        types.Tool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.arguments.model_json_schema(),
            annotations=hints,
        )
        for tool in TOOLS.values()
    ]


def _called(answerer: Answerer, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """The result, as text for clients that read no structure too; a failure repeats nothing that was asked."""
    try:
        body = call(answerer, name, arguments)
    except (InputError, EngineError) as problem:
        sentence = str(problem) if isinstance(problem, InputError) else "the search engine is away; try again later"
        return types.CallToolResult(content=[types.TextContent(text=sentence)], is_error=True)
    text = json.dumps(body, ensure_ascii=False)
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=body)


def _resources(answerer: Answerer, cursor: str | None) -> types.ListResourcesResult:
    documents = answerer.corpus.documents
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
        raise MCPError(types.INVALID_PARAMS, "cursor: not one that this server gave")
    start = int(cursor or 0)
    following = start + PAGE
    return types.ListResourcesResult(
        resources=[_resource(document) for document in documents[start:following]],
        next_cursor=str(following) if following < len(documents) else None,
    )


def _resource(document: Document) -> types.Resource:
    known = (document.author, document.published, document.kind, document.language)
    return types.Resource(
        uri=document_address(document),
        name=document.id,
        title=document.title,
        description=", ".join(part for part in known if part),
        mime_type=_kind(document),
        size=len(document.text.encode("utf-8")),
    )


def _kind(document: Document) -> str:
    return "text/markdown" if document.file.lower().endswith(".md") else "text/plain"


def _read(answerer: Answerer, uri: str) -> types.ReadResourceResult:
    """The stored text, and beside it its passages with their caveats: neither goes out without the other."""
    document = find_document(answerer, uri) if uri.startswith(SCHEME) else None
    if document is None:
        raise MCPError(types.INVALID_PARAMS, "there is no document at this address")
    caveats = json.dumps({"passages": passages_json(answerer, document)}, ensure_ascii=False)
    return types.ReadResourceResult(
        contents=[
            types.TextResourceContents(uri=uri, mime_type=_kind(document), text=document.text),
            types.TextResourceContents(uri=f"{uri}?passages", mime_type="application/json", text=caveats),
        ]
    )

"""Request bodies, read strictly: JSON in UTF-8 or the page's form, checked by the pydantic model of the endpoint."""

import json
import re
from typing import Any

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest

from web.errors import RefusedError
from web.negotiation import FORM

MOST_BYTES = 128 * 1024


class StrictAdapter(PydanticAdapter):
    """APIFlask's reader of bodies takes any content type and any JSON; this one takes what the API promises."""

    def validate_input(self, request: Request, location: str, **kwargs: Any) -> BaseModel:
        """The checked body; raises RefusedError with 400, 413, 415 or 422."""
        fields = _form(request) if request.mimetype == FORM else _json(request)
        try:
            return self.model_class.model_validate(fields)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
            known = set(self.model_class.model_fields)
            name = str(first["loc"][0]) if first["loc"] else None
            if first["type"] == "extra_forbidden":
                expected = ", ".join(self.model_class.model_fields)
                raise RefusedError(
                    422, f"The body has an unknown field; known are {expected}.", _harmless(name)
                ) from None
            raise RefusedError(422, _sentence(name if name in known else None, first["msg"]), name) from None


registry.register("pydantic", StrictAdapter)


def _json(request: Request) -> object:
    if request.mimetype != "application/json":
        raise RefusedError(415)
    try:
        body = json.loads(request.get_data(cache=False).decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise RefusedError(400) from None
    if not isinstance(body, dict):
        raise RefusedError(422, "The body must be a JSON object.")
    return body


def _form(request: Request) -> dict[str, object]:
    """The fields of a form as the JSON would have them: a whole number as a number, repeated fields as a list."""
    try:
        form = request.form
    except BadRequest:
        raise RefusedError(400, "The form cannot be read.") from None
    fields: dict[str, object] = dict(form.items())
    if "history" in form:
        fields["history"] = form.getlist("history")
    if isinstance(limit := fields.get("limit"), str) and re.fullmatch(r"[0-9]{1,3}(\.0{1,3})?", limit):
        fields["limit"] = int(float(limit))
    for name in ("question", "text"):  # a browser sends line ends as CR LF
        if isinstance(value := fields.get(name), str):
            fields[name] = value.replace("\r\n", "\n")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _harmless(name: str | None) -> str | None:
    """A field's name as far as it is one: a key of a JSON object may hold a whole question."""
    return name if name and len(name) <= 30 and name.isidentifier() else None


def _sentence(field: str | None, message: str) -> str:
    message = message[:1].lower() + message[1:]
    return f"{field}: {message}." if field else f"The body is wrong: {message}."

"""`/docs`: Swagger UI over `/openapi.json`, from files that come with the package flask-swagger-ui; no other host."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Response, current_app, render_template, send_from_directory

from web.negotiation import FORM
from web.schemas import ErrorBody

_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")


def register(app: APIFlask) -> None:
    """The page, its files, and the finishing of the OpenAPI document."""
    app.config["SERVERS"] = [{"url": "/"}]
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.spec_processor(_finished)
    app.add_url_rule("/docs", "docs", app.doc(hide=True)(_page), methods=["GET"])
    app.add_url_rule("/docs/<any(" + ",".join(f"'{name}'" for name in _FILES) + "):name>", "docs_file", _file)
    app.view_functions["docs_file"] = app.doc(hide=True)(_file)


def _page() -> str:
    return render_template("docs.html")


def _file(name: str) -> Response:
    return send_from_directory(_folder(), name)


def _folder() -> Path:
    """Where the package keeps the files; found, not imported: importing it does nothing for us."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("flask_swagger_ui")
    return Path(spec.origin).parent / "dist"


def _finished(spec: Any) -> Any:
    """What APIFlask leaves out: the shape of errors, required bodies, and one name for each shared schema."""
    schemas = spec["components"]["schemas"]
    error = ErrorBody.model_json_schema(ref_template="#/components/schemas/ErrorBody.{model}")
    for name, definition in error.pop("$defs").items():
        schemas[f"ErrorBody.{name}"] = definition
    schemas["ErrorBody"] = error
    for operations in spec["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
                form = operation["requestBody"]["content"][FORM]
                name = form["schema"]["$ref"].rpartition("/")[2].replace("Request", "Form")
                schemas[name] = _without_null(schemas[name.replace("Form", "Request")], name)
                form["schema"] = {"$ref": f"#/components/schemas/{name}"}
    if current_app.config["SETTINGS"].token.get_secret_value():
        spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        spec["security"] = [{"token": []}]
        spec["paths"]["/healthz"]["get"]["security"] = []
    identifier = spec["paths"]["/documents/{id}"]["get"]["parameters"][0]
    identifier["example"] = current_app.config["ANSWERER"].corpus.documents[0].id
    spec["info"]["description"] = (
        "Questions over a collection of health texts, answered with verbatim passages, each with its source and its "
        "automatic caveats. Offsets count Unicode code points, start inclusive, end exclusive. Not medical advice."
    )
    return spec


def _without_null(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The same fields for a form, which can leave a field out but has no way to write null."""
    fields = {}
    for field, rules in schema["properties"].items():
        some = [rule for rule in rules.get("anyOf", ()) if rule != {"type": "null"}]
        rest = {key: value for key, value in rules.items() if key not in ("anyOf", "default")}
        fields[field] = {**some[0], **rest} if some else rules
        if rules.get("type") == "array":  # a field that is sent once is a list of one
            several = {key: rules[key] for key in ("type", "items", "maxItems") if key in rules}
            fields[field] = {**rest, "oneOf": [several, rules["items"]]}
            for key in several:
                fields[field].pop(key)
    return {**schema, "title": name, "properties": fields}

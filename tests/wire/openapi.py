"""Checks what the bot sends against Discord's OpenAPI document, of which the tests hold no copy."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .model import Json, Request

DOCUMENT = "urn:discord"


class OpenApi:
    """The document at ``path``: which operations there are, and what their bodies look like."""

    def __init__(self, path: Path) -> None:
        self._document: Json = json.loads(path.read_text())
        # The document says string; Discord takes an integer just as well, and discord.py sends it.
        self._document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        resource = DRAFT202012.create_resource(self._document)
        self._registry = Registry().with_resource(DOCUMENT, resource)
        # A path that is named literally comes before one with parameters.
        templates = sorted(self._document["paths"], key=lambda template: template.count("{"))
        self._paths = [(t, re.compile(re.sub(r"\{\w+\}", "[^/]+", t))) for t in templates]
        self._validator = cache(self._make_validator)

    def problem(self, request: Request) -> str | None:
        """What is wrong with the request, or None."""
        template = next((t for t, path in self._paths if path.fullmatch(request.path)), None)
        operations = self._document["paths"].get(template, {})
        operation = operations.get(request.method.lower())
        if template is None or operation is None:
            return "Discord has no such operation"
        expected = operation.get("requestBody")
        if expected is None:
            return f"Discord expects no body, not {request.body}" if request.body else None
        if not request.body and not expected.get("required"):
            return None
        validator = self._validator(template, request.method.lower())
        error = next(validator.iter_errors(request.body), None)
        if error is None:
            return None
        while (closer := cause(error)) is not None:
            error = closer
        return f"{error.json_path}: {error.message[-200:]}"  # it begins with the value

    def _make_validator(self, template: str, method: str) -> Draft202012Validator:
        # In a multipart body the part payload_json is what otherwise is the body.
        steps = "paths", template, method, "requestBody", "content", "application/json", "schema"
        escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
        pointer = "/".join(quote(step, safe="~") for step in escaped)
        return Draft202012Validator({"$ref": f"{DOCUMENT}#/{pointer}"}, registry=self._registry)


def cause(error: ValidationError) -> ValidationError | None:
    """Why none of several schemas fits: the trouble with the one that is for this type."""
    others = {e.schema_path[0] for e in error.context or () if list(e.path) == ["type"]}
    return next((e for e in error.context or () if e.schema_path[0] not in others), None)

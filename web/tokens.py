"""The token of a server that is not for everyone: programs send it as Bearer, browsers ask for it as a password."""

import hashlib
import hmac

from flask import Flask, request

from qa.settings import Settings
from web.errors import RefusedError

OPEN = ("static", "api.health")
"""Endpoints that need no token: they tell nothing, and the page that asks for the token needs its style."""

_CHALLENGES = (
    ("WWW-Authenticate", 'Bearer realm="Fonte"'),
    ("WWW-Authenticate", 'Basic realm="Fonte", charset="UTF-8"'),
)


def register(app: Flask, settings: Settings) -> None:
    """Every request but those to `OPEN` must carry the token of the settings, where they have one."""
    token = settings.token.get_secret_value()
    if not token:
        return

    def check() -> None:
        if request.endpoint not in OPEN and not same(_sent(), token):
            raise RefusedError(401, headers=_CHALLENGES)

    app.before_request(check)


def same(sent: str, token: str) -> bool:
    """Whether the two are the same, in a time that tells neither where they differ nor how long the token is."""
    ours, theirs = (hashlib.sha256(each.encode("utf-8", "replace")).digest() for each in (token, sent))
    return hmac.compare_digest(ours, theirs)


def _sent() -> str:
    """What `Authorization` carries: a Bearer token, or the password of any user; empty where there is none."""
    sent = request.authorization
    if sent is None:
        return ""
    if sent.type == "bearer":
        return (sent.token or "").encode("latin-1", "replace").decode("utf-8", "replace")  # WSGI's bytes
    return (sent.password if sent.type == "basic" else None) or ""

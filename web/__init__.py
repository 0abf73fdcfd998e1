"""Fonte over HTTP: the chat page and the JSON API. Knows the engine only through what `qa` makes public."""

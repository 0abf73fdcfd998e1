"""The engines by the names that a setting gives them."""

from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Engine
from qa.settings import Settings


def engine_of(settings: Settings) -> Engine:
    """The engine of the settings; raises EngineError where its extra is not installed."""
    if settings.engine == "opensearch":
        from qa.retrieval.opensearch import open_engine  # an extra, and slow to import

        return open_engine(settings)
    return EmbeddedEngine(settings.k1, settings.b)

"""The two parts of NLTK that Fonte uses, the Snowball stemmers and Punkt, without the rest of it.

`import nltk.stem.snowball` runs NLTK's whole package first, which brings in its classifiers, and with them scipy and
scikit-learn where these are installed: seconds for two modules that need none of it. So these two are loaded with empty
stand-ins for the packages around them, which are taken away again at once: whoever imports nltk later gets all of it.
"""

import importlib
import importlib.util
import sys
import warnings
from pathlib import Path
from types import ModuleType

_PACKAGES = ("nltk", "nltk.stem", "nltk.tokenize")
_UNUSED = {"nltk.corpus": "stopwords"}  # Snowball names it for an option that Fonte does not use
_WANTED = ("nltk.stem.snowball", "nltk.tokenize.punkt")


def _load() -> tuple[ModuleType, ...]:
    with warnings.catch_warnings():  # some versions warn on their own imports; nothing of it concerns these parts
        warnings.simplefilter("ignore")
        if "nltk" not in sys.modules:
            try:
                return _load_alone()
            except (ImportError, AttributeError):  # another version, put together otherwise
                pass
        return tuple(importlib.import_module(name) for name in _WANTED)


def _load_alone() -> tuple[ModuleType, ...]:
    found = importlib.util.find_spec("nltk")
    if found is None or found.origin is None:
        raise ImportError("nltk is not installed", name="nltk")
    root = Path(found.origin).parent.parent
    try:
        for name in (*_PACKAGES, *_UNUSED):
            stand_in = sys.modules[name] = ModuleType(name)
            stand_in.__path__ = [str(root.joinpath(*name.split(".")))] if name in _PACKAGES else []
        for name, attribute in _UNUSED.items():
            setattr(sys.modules[name], attribute, None)
        return tuple(importlib.import_module(name) for name in _WANTED)
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "nltk"]:
            del sys.modules[name]


_snowball, _punkt = _load()
SnowballStemmer = _snowball.SnowballStemmer
PunktParameters = _punkt.PunktParameters
PunktSentenceTokenizer = _punkt.PunktSentenceTokenizer

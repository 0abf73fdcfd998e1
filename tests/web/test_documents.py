"""`/documents` and `/documents/<id>`, as JSON and as pages; `/healthz`."""

import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS, load_settings
from tests.web.zinc import BROWSER, LabelledByHand
from web.app import create_app
from web.schemas import DocumentBody, DocumentList, Health
from web.sheet import sheet

JSON = {"Accept": "application/json"}


def test_the_list_names_every_document(client: FlaskClient) -> None:
    listed = DocumentList.model_validate(client.get("/documents", headers=JSON).get_json()).documents
    assert len(listed) == 5
    for document in listed:
        assert document.sha256 == hashlib.sha256((SHIPPED_CORPUS / document.file).read_bytes()).hexdigest()


def test_a_document_is_given_whole(client: FlaskClient) -> None:
    reply = client.get("/documents/it/magnesio-e-dolore-ai-nervi", headers=JSON)
    body = DocumentBody.model_validate(reply.get_json())
    assert body.text.encode() == (SHIPPED_CORPUS / body.file).read_bytes()
    assert [passage.id for passage in body.passages] == [f"{body.id}#{n}" for n in range(1, len(body.passages) + 1)]


@pytest.mark.parametrize(
    "path", ["/documents/it/nope", "/documents/../../etc/passwd", "/documents/%00", "/documents/it%2Fnope", "/nope"]
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    reply = client.get(path, headers=JSON)
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (404, "not_found")
    page = client.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "root:" not in page.text
    assert 'action="/ask"' in page.text  # a way to search on


def test_pages_come_by_default(client: FlaskClient) -> None:
    assert client.get("/documents").mimetype == "text/html"
    assert client.get("/documents/it/mesoterapia-antalgica", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_the_documents_page_shows_every_character_that_can_be_seen(shipped: Answerer) -> None:
    for document in shipped.corpus.documents:
        blocks = sheet(document, shipped, "en")
        drawn = "\n".join("".join(piece.text for piece in block.text) for block in blocks)
        assert drawn.split() == document.text.strip("\ufeff").split()


def test_passages_of_a_documents_page_are_whole_and_in_order(zinc: LabelledByHand) -> None:
    for document in zinc.corpus.documents:
        blocks = [block for block in sheet(document, zinc, "en") if block.passage]
        assert [block.passage for block in blocks] == list(zinc.passages_of(document.id))
        assert ["".join(piece.text for piece in block.text) for block in blocks] == [
            passage.text for passage in zinc.passages_of(document.id)
        ]


def test_the_place_of_a_document_caveat_is_an_anchor(shipped: Answerer, client: FlaskClient) -> None:
    """Whatever place an answer links to exists on the document's page."""
    for document in shipped.corpus.documents:
        places = {
            caveat.place.start
            for passage in shipped.passages_of(document.id)
            for caveat in shipped.caveats(passage)
            if caveat.place
        }
        page = client.get(f"/documents/{document.id}").text
        for start in places:
            assert page.count(f'id="c{start}"') == 1


@pytest.mark.parametrize(
    ("page", "first", "links"),
    [
        ("", "Zinc note 0", ["2"]),
        ("2", "Zinc note 50", ["1"]),
        ("9", "Zinc note 50", ["1"]),
        ("-1", "Zinc note 0", ["2"]),
    ],
)
def test_a_long_list_comes_in_pages(tmp_path: Path, page: str, first: str, links: list[str]) -> None:
    for number in range(51):
        text = f"Zinc note {number}\n\nZinc is a metal that the skin of the elbow knows well, says note {number}.\n"
        (tmp_path / f"{number:03}.txt").write_text(text, "utf-8")
    with create_app(Answerer(load_corpus(tmp_path)), load_settings()).test_client() as client:
        text = client.get(f"/documents?page={page}").text
        assert len(client.get("/documents", headers=JSON).get_json()["documents"]) == 51
    titles = re.findall(r"<bdi>(Zinc note \d+)</bdi>", text)
    assert titles[0] == first
    assert re.findall(r"/documents\?page=(\d+)", text) == links


def test_health(client: FlaskClient) -> None:
    health = Health.model_validate(client.get("/healthz").get_json())
    assert (health.status, health.documents, health.engine) == ("ok", 5, "rank-bm25")
    assert health.passages > 20


def test_front_matter_is_not_shown_as_text(tmp_path: Path) -> None:
    head = "---\ntitle: Zinc at night\nauthor: A. Nobody\nsecretkey: shownowhere\n---\n"
    text = (
        head
        + "\n# Zinc at night\n\nIn a trial of 40 men zinc did not help with sleep, and nobody knew why it should.\n"
    )
    (tmp_path / "zinc.md").write_text(text, "utf-8")
    answerer = Answerer(load_corpus(tmp_path))
    [document] = answerer.corpus.documents
    shown = "".join(piece.text for block in sheet(document, answerer, "en") for piece in block.text)
    assert shown.startswith("# Zinc at night") and "secretkey" not in shown
    client = create_app(answerer, load_settings()).test_client()
    assert "secretkey" not in client.get("/documents/zinc").get_data(as_text=True)
    assert client.get("/documents/zinc", headers=JSON).get_json()["text"] == text  # programs get the file as it is

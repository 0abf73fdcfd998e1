"""Two `qa serve` behind nginx, with the file that deploy/ gives to users. Skipped where there is no nginx."""

import base64
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.serving import Server
from tests.web.zinc import write_corpus
from web.errors import CODES
from web.headers import HEADERS, POLICY

DEPLOY = Path(__file__).parents[2] / "deploy" / "fonte.nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
TOKEN = "sesamo-perché-19"
CANARY = "canarygrass quokkaberry"
GUARDED = {**HEADERS, "Content-Security-Policy": POLICY}
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/main.log info;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;  # as distributions have it: the file under test must switch it off
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream fonte {{ {upstream} }}
    server {{
        listen 127.0.0.1:{port} sndbuf=4k;  # so that what a client does not read is nginx's to keep
        include {deploy};
    }}
}}
"""


def test_the_headers_of_the_file_are_those_of_the_application() -> None:
    text = DEPLOY.read_text("utf-8")
    for name, value in GUARDED.items():
        assert f'add_header {name} "{value}" always;' in text
    bodies = [json.loads(body) for body in re.findall(r"return \d{3} '(.*)';", text)]
    assert len(bodies) == 5
    assert {body["error"]["code"] for body in bodies} <= {code for code, _ in CODES.values()}


@needs_nginx
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate")
def test_what_the_documents_tell_users_to_write_is_taken(tmp_path: Path) -> None:
    told = (DEPLOY.parents[1] / "docs" / "deployment.md").read_text("utf-8")
    (written,) = re.findall(r"^```nginx\n(.*?)^```", told, re.DOTALL | re.MULTILINE)
    made = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=fonte.example.org -keyout fonte.key -out fonte.pem"
    subprocess.run(["openssl", *made.split()], cwd=tmp_path, check=True, capture_output=True)
    written = written.replace("/etc/ssl", str(tmp_path)).replace("/etc/nginx/fonte.conf", str(DEPLOY))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{ }}\nhttp {{\n{written}}}\n", "utf-8")
    command = [str(NGINX), "-t", "-q", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Deployment:
    """nginx before two servers: where it listens, its folder, and the servers."""

    port: int
    folder: Path
    servers: list[Server]

    def send(
        self, method: str, path: str, body: bytes | None = None, client: str = "127.0.0.1", **headers: str
    ) -> Reply:
        """A request from one of the addresses of this machine, with the token unless other credentials are given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(client, 0))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        basic = base64.b64encode(f"anyone:{TOKEN}".encode()).decode()
        connection.request(method, path, body, {"Authorization": f"Basic {basic}", **named})
        reply = connection.getresponse()
        told = Reply(reply.status, reply.headers, reply.read())
        connection.close()
        return told

    def ask(self, question: str, **more: str) -> Reply:
        """A question as JSON."""
        body = json.dumps({"question": question}).encode()
        return self.send("POST", "/ask", body, Content_Type="application/json", **more)

    def raw(self, data: bytes) -> Reply:
        """What comes back for bytes that no client library sends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(data)
            reply = http.client.HTTPResponse(connection)
            reply.begin()
            return Reply(reply.status, reply.headers, reply.read())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def deployed(folder: Path, **settings: str) -> Iterator[Deployment]:
    """Runs it all while the block does; no temporary file can be written."""
    corpus, place = write_corpus(folder / "corpus"), folder / "nginx"
    place.mkdir()
    with ExitStack() as ends:
        servers = []
        for number in range(2):
            (folder / f"server-{number}").mkdir()
            servers.append(Server(folder / f"server-{number}", "--corpus", str(corpus), proxy="127.0.0.1", **settings))
            ends.callback(servers[-1].kill)
        port = _free_port()
        upstream = " ".join(f"server 127.0.0.1:{server.port};" for server in servers)
        user = "user root;" if os.geteuid() == 0 else ""
        written = CONFIGURATION.format(folder=place, port=port, upstream=upstream, deploy=DEPLOY, user=user)
        (place / "nginx.conf").write_text(written, "utf-8")
        with (place / "stderr").open("w") as errors:
            process = subprocess.Popen(
                [str(NGINX), "-p", str(place), "-c", str(place / "nginx.conf"), "-e", str(place / "start.log")],
                stdout=errors,
                stderr=errors,
            )
        ends.callback(process.wait)
        ends.callback(process.terminate)
        _wait_for(port, process, place)
        for name in ("body", "proxy"):  # a file stands where the folder was: who needs it gets a 500
            shutil.rmtree(place / name)
            (place / name).write_text("", "utf-8")
        yield Deployment(port, place, servers)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", place: Path) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise AssertionError(f"no nginx: {(place / 'stderr').read_text('utf-8')}")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with a token."""
    with deployed(tmp_path_factory.mktemp("proxy"), token=TOKEN, rate="100000") as running:
        yield running


@needs_nginx
def test_the_token_is_asked_for_and_passed_on(behind: Deployment) -> None:
    refused = behind.ask("zinc", Authorization="Bearer nonsense")
    assert refused.status == 401
    assert refused.headers.get_all("WWW-Authenticate") == [
        'Bearer realm="Fonte"',
        'Basic realm="Fonte", charset="UTF-8"',
    ]
    assert behind.ask("zinc").status == 200
    assert behind.send("GET", "/", Authorization="").status == 401
    assert behind.send("GET", "/healthz", Authorization="").status == 200


MALFORMED = [
    (b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n", 400),
    (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n", 413),
    (b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    (b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
]


@needs_nginx
@pytest.mark.parametrize(("sent", "status"), MALFORMED)
def test_what_nginx_refuses_is_refused_in_our_shape(behind: Deployment, sent: bytes, status: int) -> None:
    reply = behind.raw(sent)
    assert reply.status == status
    _guarded(reply)
    assert set(json.loads(reply.body)["error"]) == {"code", "message", "field"}
    assert reply.headers["Content-Type"] == "application/json"


def _guarded(reply: Reply) -> None:
    for name, value in GUARDED.items():
        assert reply.headers.get_all(name) == [value], name
    assert reply.headers.get_all("Cache-Control") == ["no-store"]
    assert reply.headers["Strict-Transport-Security"]
    assert reply.headers["Server"] in (None, "nginx")


@needs_nginx
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/healthz"), ("PUT", "/ask"), ("GET", "/no"), ("POST", "/ask")]
)
def test_what_fonte_says_passes_with_its_headers_once(behind: Deployment, method: str, path: str) -> None:
    _guarded(behind.send(method, path))


@needs_nginx
def test_no_body_and_no_page_needs_a_file(behind: Deployment) -> None:
    text = json.dumps({"text": "zinc \u00e8 " * 1_700}).encode()
    assert len(text) > 16_384
    assert behind.send("POST", "/assess", text, Content_Type="application/json").status == 200
    page = _read_slowly(behind.port, b"text=" + b"<" * 12_000)
    assert page.startswith(b"HTTP/1.1 200 OK") and page.rstrip().endswith(b"</html>")
    assert len(page) > 40_000  # more than nginx has room for
    assert behind.send("POST", "/ask", b" " * 200_000, Content_Type="application/json").status == 413


def _read_slowly(port: int, form: bytes) -> bytes:
    """The reply to a text to be checked, for a client that takes its time before it reads."""
    basic = base64.b64encode(f"anyone:{TOKEN}".encode()).decode()
    head = (
        f"POST /assess HTTP/1.0\r\nAuthorization: Basic {basic}\r\nContent-Length: {len(form)}\r\nAccept: text/html\r\n"
    )
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        client.settimeout(60)
        client.connect(("127.0.0.1", port))
        client.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + form)
        time.sleep(2)
        return b"".join(iter(lambda: client.recv(65_536), b""))


@needs_nginx
def test_each_client_is_counted_and_not_the_proxy(tmp_path: Path) -> None:
    """Each of the two servers counts for itself, so a client has up to twice the limit."""
    with deployed(tmp_path, rate="2") as behind:
        forged = [f"198.51.100.{number}" for number in range(12)]
        replies = [behind.ask("zinc", client="127.0.0.2", X_Forwarded_For=address) for address in forged]
        assert sorted(reply.status for reply in replies) == [200] * 4 + [429] * 8
        assert {reply.status for reply in replies[4:]} == {429}
        assert all(0 < int(reply.headers["Retry-After"]) <= 60 for reply in replies[4:])
        assert behind.ask("zinc", client="127.0.0.3").status == 200
        assert behind.send("GET", "/healthz", client="127.0.0.2").status == 200


@needs_nginx
def test_too_much_to_do_is_told_and_taken_for_no_failure(tmp_path: Path) -> None:
    body = json.dumps({"text": "Zinc helps in mice, experts say, and there is no risk at all. " * 190}).encode()
    with deployed(tmp_path, queue="1") as behind:
        replies: list[Reply] = []

        def send() -> None:
            replies.append(behind.send("POST", "/assess", body, Content_Type="application/json"))

        _at_once(send, 80)
        busy = [reply for reply in replies if reply.status != 200]
        assert len(replies) == 80
        assert {reply.status for reply in busy} == {503}  # not none: eighty at once are more than may wait
        assert {reply.headers["Retry-After"] for reply in busy} == {"5"}
        assert len(busy) < 80
        assert [behind.ask("zinc").status for _ in range(4)] == [200] * 4


def _at_once(work: object, times: int) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@needs_nginx
def test_a_stop_of_one_loses_no_answer_and_of_both_is_told_in_our_shape(tmp_path: Path) -> None:
    with deployed(tmp_path) as behind:
        expected, wrong, asked = behind.ask("zinc dressings").body, [], []
        stopped = threading.Event()

        def reader() -> None:
            while not stopped.is_set() or len(asked) < 200:
                reply = behind.ask("zinc dressings")
                asked.append(reply.status)
                if (reply.status, reply.body) != (200, expected):
                    wrong.append(reply)

        readers = [threading.Thread(target=reader) for _ in range(12)]
        for each in readers:
            each.start()
        time.sleep(0.5)
        assert behind.servers[0].stop(signal.SIGTERM) == 0
        stopped.set()
        for each in readers:
            each.join()
        assert len(asked) >= 200
        assert wrong == []
        assert behind.servers[1].stop(signal.SIGTERM) == 0
        gone = behind.ask("zinc")
        assert (gone.status, gone.headers["Retry-After"]) == (503, "5")
        assert json.loads(gone.body)["error"]["code"] == "unavailable"
        _guarded(gone)


@needs_nginx
def test_nothing_that_nginx_writes_holds_a_question_or_an_address(tmp_path: Path) -> None:
    client = "127.0.0.77"
    with deployed(tmp_path, rate="100000") as behind:
        for number in range(3):
            behind.ask(CANARY, client=client)
            behind.ask(CANARY * 9_000, client=client)
            behind.ask(CANARY * 20_000, client=client)
            behind.send("GET", f"/?question={CANARY.replace(' ', '+')}", client=client, Referer=f"http://x/{CANARY}")
            behind.raw(f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\n{CANARY}\r\n\r\n".encode())
            if number < 2:
                behind.servers[number].kill()
    for path in behind.folder.rglob("*"):
        if path.is_file() and path.name != "nginx.conf":
            told = path.read_text("utf-8", "replace")
            assert not [word for word in (*CANARY.split(), client) if word in told], path

"""A register on 127.0.0.1 that is searched as the Federal Register's documents API is."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit

Query = Mapping[str, Sequence[str]]


@dataclass(slots=True, kw_only=True)
class Register:
    """Documents by `publication_date`; `queries` lists what was asked, `elsewhere` is where next pages are instead."""

    documents: list[dict[str, object]]
    per_page_limit: int = 1000
    elsewhere: str | None = None
    queries: list[Query] = field(default_factory=list)
    host: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}/documents.json"

    def answer(self, query: Query) -> dict[str, object]:
        self.queries.append(query)
        first, last = (query[f"conditions[publication_date][{end}]"][0] for end in ("gte", "lte"))
        found = [one for one in self.documents if first <= str(one["publication_date"]) <= last]
        page, size = int(query.get("page", ["1"])[0]), min(int(query["per_page"][0]), self.per_page_limit)
        results = [
            {name: one.get(name) for name in query["fields[]"]} for one in found[(page - 1) * size : page * size]
        ]
        answer: dict[str, object] = {"count": len(found), "results": results}
        if page * size < len(found):
            following = urlencode({**query, "page": page + 1}, doseq=True)
            answer["next_page_url"] = f"{self.elsewhere or self.url}?{following}"
        return answer if found else {"count": 0}


@contextmanager
def serve_register(documents: list[dict[str, object]]) -> Iterator[Register]:
    """Serve a register on a free port until the block ends."""
    register = Register(documents=documents)
    server = _Server(("127.0.0.1", 0), _Answer)
    server.register = register
    register.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield register
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    register: Register


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 0.5
    # Head and body go out together; one after the other they would wait for the client's acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        register = cast("_Server", self.server).register
        body = json.dumps(register.answer(parse_qs(urlsplit(self.path).query))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Log nothing."""

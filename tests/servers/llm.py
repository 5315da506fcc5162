"""A language model's endpoint on 127.0.0.1, in the shapes of both APIs; it refuses what their documents refuse."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

KEY = "sk-local"


class Model:
    """A running endpoint; `answer` is what it says next (a str goes out as it is), `status` and `headers` how; `asked` is kept."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: object = {"events": []}
        self.status = 200
        self.headers: dict[str, str] = {}
        self.hangs = threading.Event()
        self.hangs.set()
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.model = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def close(self) -> None:
        self.hangs.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve_model() -> Iterator[Model]:
    model = Model()
    thread = threading.Thread(target=model.run)
    thread.start()
    try:
        yield model
    finally:
        model.close()
        thread.join()


class _Server(ThreadingHTTPServer):
    model: Model


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        model = cast(_Server, self.server).model
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model.asked.append(asked)
        model.hangs.wait(10)
        if self.headers["content-type"] != "application/json":
            status, said = 415, cast("object", {"error": {"message": "Unsupported Media Type"}})
        elif self.path == "/v1/chat/completions":
            status, said = self._complete(model, asked)
        elif self.path == "/v1/messages":
            status, said = self._message(model, asked)
        else:
            status, said = 404, {"error": {"message": "no such path"}}
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in model.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # whoever asked has given up
            self.wfile.write(body)

    def _complete(self, model: Model, asked: dict[str, Any]) -> tuple[int, object]:
        if self.headers["authorization"] != f"Bearer {KEY}":
            return 401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}}
        if odd := unknown(asked, {"model", "messages", "response_format", "max_completion_tokens"}):
            return 400, {"error": {"message": f"Unrecognized request argument: {odd}", "type": "invalid_request_error"}}
        form = asked["response_format"]
        if form["type"] != "json_schema" or not form["json_schema"]["strict"] or loose(form["json_schema"]["schema"]):
            return 400, {"error": {"message": "Invalid schema for response_format", "type": "invalid_request_error"}}
        if [one["role"] for one in asked["messages"]] != ["system", "user"]:
            return 400, {"error": {"message": "messages", "type": "invalid_request_error"}}
        if model.status != 200 or isinstance(model.answer, str):
            return model.status, model.answer
        message = {"role": "assistant", "content": json.dumps(model.answer), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
        return 200, {"object": "chat.completion", "model": asked["model"], "choices": [choice], "usage": usage}

    def _message(self, model: Model, asked: dict[str, Any]) -> tuple[int, object]:
        if self.headers["x-api-key"] != KEY or self.headers["anthropic-version"] != "2023-06-01":
            return 401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}
        if odd := unknown(asked, {"model", "messages", "system", "tools", "tool_choice", "max_tokens"}):
            return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": odd}}
        if [one["role"] for one in asked["messages"]] != ["user"] or asked["tools"][0]["input_schema"][
            "type"
        ] != "object":
            return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "messages, tools"}}
        (tool,) = asked["tools"]
        if asked["tool_choice"] != {"type": "tool", "name": tool["name"]} or not asked["max_tokens"]:
            return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "tool_choice"}}
        if model.status != 200 or isinstance(model.answer, str):
            return model.status, model.answer
        used = {"type": "tool_use", "id": "toolu_1", "name": tool["name"], "input": model.answer}
        usage = {"input_tokens": 900, "output_tokens": 100}
        return 200, {
            "type": "message",
            "role": "assistant",
            "content": [used],
            "stop_reason": "tool_use",
            "usage": usage,
        }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


def unknown(asked: dict[str, Any], known: set[str]) -> str:
    """Name what a request holds beyond what is documented and needed, or lacks."""
    return ", ".join(sorted(asked.keys() ^ known))


def loose(schema: dict[str, Any]) -> list[str]:
    """Return what strict structured outputs refuse: objects that are open, or have optional members."""
    objects = [schema, *schema.get("$defs", {}).values()]
    return [
        one.get("title", "")
        for one in objects
        if one.get("type") == "object"
        and (one.get("additionalProperties") is not False or set(one["required"]) != set(one["properties"]))
    ]

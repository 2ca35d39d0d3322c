"""A server on loopback that speaks as much of the Hugging Face Hub's protocol as we use.

And programs that have it as their Hub, each with a cache of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from support import SOURCES

Files = dict[str, bytes]


@dataclass
class Hub:
    """Repositories by name, each with files by commit, and names for commits.

    `asked` lists method and path of every request. A repository in `private` needs the
    token; one in `gated` tells so even those who have it. `moves` has the commits that main
    branches go to once their files have been listed.
    """

    url: str = ""
    commits: dict[str, dict[str, Files]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    gated: set[str] = field(default_factory=set)
    moves: dict[str, str] = field(default_factory=dict)
    token: str = "hf_test_token"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def add(self, repository: str, files: Files, branch: str = "main") -> str:
        """Commit files, and return the commit."""
        listed = "".join(
            f"{name}{hashlib.sha1(data).hexdigest()}" for name, data in files.items()
        )
        commit = hashlib.sha1(f"{repository}{listed}".encode()).hexdigest()
        self.commits.setdefault(repository, {})[commit] = files
        self.names.setdefault(repository, {})[branch] = commit
        return commit

    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [path for _, path in self.asked]

    def answer(self, path: str, token: str | None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a path."""
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            repository, rest = "/".join(parts[2:4]), parts[4:]
            revision = rest[1] if rest[:1] == ["revision"] else "main"
            file = None
        elif len(parts) > 4 and parts[2] == "resolve":
            repository, revision, file = "/".join(parts[:2]), parts[3], "/".join(parts[4:])
        else:
            return 404, {}, b"{}"
        if repository not in self.commits or (
            repository in self.private and token != self.token
        ):
            return 401 if token is None else 404, {"X-Error-Code": "RepoNotFound"}, b"{}"
        if repository in self.gated and file is not None:
            return 403, {"X-Error-Code": "GatedRepo"}, b"{}"
        commit = self.names[repository].get(revision, revision)
        files = self.commits[repository].get(commit)
        if files is None:
            return 404, {"X-Error-Code": "RevisionNotFound"}, b"{}"
        if file is None:
            info: dict[str, Any] = {
                "id": repository,
                "modelId": repository,
                "sha": commit,
                "private": repository in self.private,
                "gated": False,
                "disabled": False,
                "downloads": 0,
                "likes": 0,
                "tags": [],
                "siblings": [{"rfilename": name} for name in files],
            }
            if repository in self.moves:
                self.names[repository]["main"] = self.moves.pop(repository)
            body = json.dumps(info).encode()
            return 200, {"Content-Type": "application/json"}, body
        if file not in files:
            headers = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit}
            return 404, headers, b""
        body = files[file]
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        return 200, {"ETag": etag, "X-Repo-Commit": commit}, body


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve a hub; its `url` is where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.split("?")[0]
            hub.asked.append((self.command, path))
            given = self.headers.get("Authorization", "").removeprefix("Bearer ") or None
            status, headers, body = hub.answer(path, given)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Client:
    """Runs Python that has the hub as its endpoint and a cache of its own."""

    def __init__(self, hub: Hub, home: Path) -> None:
        self.hub, self.home = hub, home

    def run(
        self, code: str, *arguments: str, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run code with arguments and settings of the environment."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("HF_")
        }
        environment |= {
            "PYTHONPATH": f"{SOURCES}{os.pathsep}{Path(__file__).parent}",
            "HF_ENDPOINT": self.hub.url,
            "HF_HOME": str(self.home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "*",
            **settings,
        }
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env=environment,
            timeout=120,
            cwd=self.home,
        )

    def command(self, *arguments: str, **settings: str) -> tuple[int, str, str]:
        """Exit code, output and errors of the command line."""
        code = "import sys; from calmtone.cli import main; sys.exit(main())"
        done = self.run(code, *arguments, **settings)
        return done.returncode, done.stdout, done.stderr

    def load(self, *arguments: Any, env: dict[str, str] | None = None, **named: Any) -> Any:
        """What a model says of a text, or the error of loading it."""
        code = f"""
import json
from calmtone.errors import CalmtoneError
from calmtone.onnx import load_model
from support import document_of
try:
    model = load_model(*{arguments!r}, **{named!r})
    logits = model.read([document_of("You are an idiot.")])[0].logits
    print(json.dumps({{"name": model.name, "hash": model.hash, "logits": logits}}))
except CalmtoneError as error:
    print(json.dumps({{"error": str(error), "type": type(error).__name__}}))
"""
        done = self.run(code, **(env or {}))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

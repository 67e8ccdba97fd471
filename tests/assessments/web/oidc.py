"""A small OpenID Connect provider: a real HTTP server that signs whatever a test wants it to."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "sparring", "a-secret-that-no-log-may-hold"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """Who signs in next, and what the provider does wrong."""

    base: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1"})
    told: dict[str, Any] | None = None
    sign: Callable[[dict[str, Any]], str] | None = None
    nonce: str | None = None
    issuer: str | None = None
    asked: dict[str, str] = field(default_factory=dict)
    traded: list[dict[str, str]] = field(default_factory=list)

    def token(self) -> str:
        """Return the identity token of who signs in."""
        now = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": self.nonce or self.asked["nonce"], **self.claims}
        return self.sign(claims) if self.sign else signed(claims)

    def answer(self, path: str, sent: dict[str, str]) -> dict[str, Any]:
        """Return what the provider says at one of its addresses."""
        if path == "/.well-known/openid-configuration":
            places = ("authorization", "token", "userinfo")
            told = {f"{name}_endpoint": f"{self.base}/{name}" for name in places}
            return told | {"issuer": self.issuer or self.base, "jwks_uri": f"{self.base}/keys"}
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            self.traded.append(sent)
            return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token()}
        return self.told if self.told is not None else self.claims


def signed(claims: dict[str, Any], key: Any = _KEY, algorithm: str = "RS256") -> str:
    """Return the claims as a token."""
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one"})


def unsigned(claims: dict[str, Any]) -> str:
    """Return the claims as a token that says it needs no signature."""
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})


@contextmanager
def serving() -> Iterator[Provider]:
    """Run a provider on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _say(self, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, urlsplit(self.path).query
            sent = {name: values[0] for name, values in parse_qs(query).items()}
            if path != "/authorization":
                return self._say(provider.answer(path, sent))
            provider.asked = sent
            back = urlencode({"code": "a-code", "state": sent["state"]})
            self.send_response(302)
            self.send_header("Location", f"{sent['redirect_uri']}?{back}")
            self.end_headers()
            return None

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(raw).items()}
            basic = self.headers.get("Authorization", "Basic ").removeprefix("Basic ")
            sent["client"] = base64.b64decode(basic).decode()
            self._say(provider.answer(urlsplit(self.path).path, sent))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    provider.base = f"http://127.0.0.1:{server.server_port}"
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()

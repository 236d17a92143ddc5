"""An institution's sign-in on loopback: an OpenID Connect provider with discovery, PKCE, tokens and user info.

It follows OpenID Connect Core 1.0 for the authorization-code flow, and refuses what a real provider would refuse:
another client, another address to come back to, a wrong secret, a code used twice, a verifier that does not match.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "corredor-test", "a secret shared with the institution"


@dataclass
class Institution:
    """The provider and the person signed in to it (``claims``)."""

    claims: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    is_down: bool = False

    def __enter__(self) -> Institution:
        handler = type("Handler", (_Handler,), {"institution": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def provider(self) -> dict[str, Any]:
        """As the settings name it."""
        app = {
            "provider_id": "institution",
            "name": "Demo Institution",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": self.issuer},
        }
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to, as after the person has agreed."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, form: dict[str, str], client: str, secret: str) -> dict[str, Any] | None:
        """Tokens for a code, once, to the client that asked."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or (client, secret) != (CLIENT, SECRET)
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return None
        token, now = secrets.token_urlsafe(16), int(time.time())
        self.tokens[token] = self.claims
        facts = {**self.claims, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": jwt.encode(facts, self.key, algorithm="RS256", headers={"kid": "one"}),
        }


class _Handler(BaseHTTPRequestHandler):
    institution: Institution

    def do_GET(self) -> None:
        place, query = urlsplit(self.path).path, dict(_flat(urlsplit(self.path).query))
        provider = self.institution
        if provider.is_down:
            self.send_error(503)
        elif place == "/.well-known/openid-configuration":
            self._say(provider.configuration())
        elif place == "/authorize":
            self.send_response(302)
            self.send_header("Location", provider.authorize(query))
            self.end_headers()
        elif place == "/userinfo":
            facts = provider.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._say(facts) if facts else self.send_error(401)
        elif place == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(provider.key.public_key()))
            self._say({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = dict(_flat(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        client, secret = form.get("client_id", ""), form.get("client_secret", "")
        if basic := self.headers.get("Authorization", "").removeprefix("Basic "):
            client, secret = map(unquote, base64.b64decode(basic).decode().split(":", 1))
        granted = self.institution.exchange(form, client, secret)
        self._say(granted) if granted else self._say({"error": "invalid_grant"}, 400)

    def _say(self, facts: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing on standard error."""


def _flat(query: str) -> list[tuple[str, str]]:
    return [(name, values[0]) for name, values in parse_qs(query).items()]

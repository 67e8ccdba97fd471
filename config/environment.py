"""Where this installation lives and how it reads its environment."""

import os
import secrets
from pathlib import Path

import environ

BASE = Path(__file__).resolve().parent.parent

#: Every variable may be given as ``NAME_FILE`` instead: a file that holds the value.
env = environ.FileAwareEnv()

_SHORTEST_TOKEN = 16

VAR = Path(env.str("SPARRING_VAR", default=str(BASE / "var")))


def secret_key(*, required: bool) -> str:
    """Return ``SECRET_KEY``, or the one that this installation drew for itself.

    Where ``required``, which is where strangers come in, it has to be given: then several machines
    share it, and it is kept where other secrets are.
    """
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    if required:
        raise environ.ImproperlyConfigured(
            "Set SECRET_KEY: with SPARRING_HTTPS, no installation draws a key of its own."
        )
    return _kept_key(VAR / "secret_key")


def metrics_token() -> str:
    """Return what opens the metrics to other machines, or an empty text where nothing does."""
    token: str = env.str("SPARRING_METRICS_TOKEN", default="").strip()
    if token and len(token) < _SHORTEST_TOKEN:
        raise environ.ImproperlyConfigured(
            f"SPARRING_METRICS_TOKEN has at least {_SHORTEST_TOKEN} characters, that nobody guesses"
        )
    return token


def _kept_key(path: Path) -> str:
    VAR.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            # Of several processes that start at once, the first one's key is everybody's.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()

"""Draws the secrets of compose.yml, each once: nothing has a password that somebody else has too.

    python3 -m scripts.draw_secrets [FOLDER]

FOLDER is ``docker/secrets`` by default. What is there already stays as it is. The folder can be
entered by its owner alone; the files in it can be read by the users of the containers, to which
the engine gives one file each.
"""

import secrets
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent / "docker" / "secrets"


def texts() -> dict[str, str]:
    """Return new secrets by the names of their files; those that belong together agree."""
    database, broker = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    return {
        "database_password": database,
        "database_url": f"postgres://sparring:{database}@database:5432/sparring",
        "broker.conf": f'requirepass {broker}\nappendonly yes\nsave ""\n',
        "broker_url": f"redis://:{broker}@broker:6379/0",
        "secret_key": secrets.token_urlsafe(50),
        "metrics_token": secrets.token_urlsafe(32),
        "dashboard_password": secrets.token_urlsafe(24),
    }


def draw(folder: Path) -> list[str]:
    """Write what is missing; return the names. Raises ValueError where only a half is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    drawn = texts()
    missing = [name for name in drawn if not (folder / name).exists()]
    for pair in (("database_password", "database_url"), ("broker.conf", "broker_url")):
        if len(set(pair) & set(missing)) == 1:
            raise ValueError(f"{' and '.join(pair)} belong together: one of them is missing")
    for name in missing:
        path = folder / name
        path.touch(mode=0o444)
        path.chmod(0o644)
        path.write_text(drawn[name], encoding="ascii")
        path.chmod(0o444)
    return missing


if __name__ == "__main__":
    told = draw(Path(sys.argv[1]) if len(sys.argv) > 1 else _HERE)
    print(f"drawn: {', '.join(told)}" if told else "all are there")

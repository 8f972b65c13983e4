"""Settings: read once, from the environment and `.env` (the environment wins), with every fault named at once."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from semax_bot.errors import SettingsError

PREFIX = "SEMAX_BOT_"
ENV_FILE = Path(".env")

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,64}")  # today's tokens have 35; Telegram promises no length


def content_folder() -> Path:
    """The content that ships with us: inside an installed package, or beside `src/` in a checkout."""
    package = Path(__file__).parent
    shipped = package / "content"
    return shipped if shipped.is_dir() else package.parents[1] / "content"


def _token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("malformed")
    return SecretStr(token)


def _server_root(value: str) -> str:
    parts = urlsplit(value)
    known_port = parts.port is None or parts.port > 0  # reading the port raises ValueError where it is none
    has_extras = parts.query or parts.fragment or parts.username is not None or "/bot" in parts.path
    if parts.scheme not in {"http", "https"} or not parts.hostname or has_extras or not known_port:
        raise ValueError("no server root")
    return value.rstrip("/")


def _page(value: str) -> str:
    parts = urlsplit(value)
    known_port = parts.port is None or parts.port > 0  # as above
    has_extras = parts.query or parts.fragment or parts.username is not None
    if value and not (parts.scheme == "https" and parts.hostname and known_port and not has_extras):
        raise ValueError("no page")
    return value and value.rstrip("/") + "/"  # the page's own links are relative to this


def _address(value: str) -> str:
    parts = urlsplit(f"//{value}")
    if not parts.hostname or not parts.port or value != parts.netloc or parts.username is not None:
        raise ValueError("no address")
    return value


def _database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value().strip()
    parts = urlsplit(url)
    known_host = parts.hostname or "host" in parse_qs(parts.query)
    known_port = parts.port is None or parts.port > 0  # as above
    if url and not (parts.scheme == "postgresql" and known_host and known_port and parts.path.strip("/")):
        raise ValueError("no database")
    return SecretStr(url)


def _folder(value: Path) -> Path:
    try:
        folder = value.expanduser()
    except RuntimeError as error:  # '~somebody' without a home
        raise ValueError("no such home") from error
    if folder.exists() and not folder.is_dir():
        raise ValueError("not a folder")
    return folder


Folder = Annotated[Path, AfterValidator(_folder)]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """What an operator may set; each field is the variable SEMAX_BOT_<FIELD>, its description what it should hold."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )

    token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        default=None,
        description="the token that @BotFather gave you: digits, a colon, then 35 letters, digits, - or _ (no quotes)",
    )
    api_url: Annotated[str, AfterValidator(_server_root)] = Field(
        default="https://api.telegram.org",
        description="the Bot API server's root, such as http://127.0.0.1:8081 (/bot is appended for you)",
    )
    data: Folder = Field(
        default_factory=lambda: user_data_path("semax-bot", appauthor=False),
        description="a folder for what the bot keeps",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        default=SecretStr(""),
        description="postgresql://user:password@host:port/database, or nothing for a file in SEMAX_BOT_DATA",
    )
    content: Folder = Field(default_factory=content_folder, description="a folder with course.yaml and the units")
    web_url: Annotated[str, AfterValidator(_page)] = Field(
        default="",
        description="the https address at which people reach the page, such as https://tutor.example.org, or nothing",
    )
    web_listen: Annotated[str, AfterValidator(_address)] = Field(
        default="127.0.0.1:8080",
        description="the host and port on which the page is served, such as 127.0.0.1:8080 or [::1]:8080",
    )
    max_rate: float = Field(
        default=30,
        ge=0,
        allow_inf_nan=False,
        description="a number, 0 or more: sends per second over all chats, where 0 switches our limits off",
    )
    log_level: Level = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")


def read_settings(**given: Any) -> Settings:
    """Read the settings; what is given (and not None) wins over the environment.

    Raises SettingsError with one line per fault. No line repeats a value, so none can give the token away.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        names = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors(include_input=False))
        lines = [f"{PREFIX}{name.upper()} should hold {Settings.model_fields[name].description}." for name in names]
        raise SettingsError("\n".join(lines)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{ENV_FILE.resolve()} cannot be read; it should be a UTF-8 text file.") from error


def unknown_variables() -> list[str]:
    """A warning for each variable that bears our prefix and is no setting, with the nearest one that is."""
    known = [name.upper() for name in Settings.model_fields]
    written = [
        name.upper() for source in (EnvSettingsSource, DotEnvSettingsSource) for name in source(Settings).env_vars
    ]
    ours = dict.fromkeys(name.removeprefix(PREFIX) for name in written if name.startswith(PREFIX))
    return [
        f"{PREFIX}{name} is no setting; did you mean {PREFIX}{_nearest(name, known)}?"
        for name in ours
        if name not in known
    ]


def _nearest(name: str, known: list[str]) -> str:
    return process.extract(name, known, scorer=JaroWinkler.similarity, limit=1)[0][0]

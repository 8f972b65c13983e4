"""Settings: what an operator writes is read as meant, and what cannot be read is named without giving it away."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from semax_bot.errors import SettingsError
from semax_bot.settings import Settings, content_folder, read_settings, unknown_variables

TOKEN = "123456789:AAF-made-up_token_for-tests_only_00"
EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours and no `.env`, whatever machine this is."""
    for name in [name for name in os.environ if name.startswith("SEMAX_BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    """A fresh machine without any variable gets working defaults and no token."""
    settings = read_settings()
    assert settings.token is None
    assert settings.api_url == "https://api.telegram.org"
    assert settings.max_rate == 30
    assert settings.log_level == "INFO"
    assert settings.data.name == "semax-bot"
    assert (settings.content / "course.yaml").is_file()
    assert settings.content == content_folder()


def test_environment_beats_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read, a real variable wins over it, and an option of the command line over both."""
    Path(".env").write_text("SEMAX_BOT_MAX_RATE=5\nSEMAX_BOT_LOG_LEVEL=debug\nSEMAX_BOT_CONTENT=one\n", "utf-8")
    monkeypatch.setenv("SEMAX_BOT_MAX_RATE", "0")
    settings = read_settings(content=Path("two"))
    assert (settings.max_rate, settings.log_level, settings.content) == (0, "DEBUG", Path("two"))


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SEMAX_BOT_TOKEN=` in a compose file means that there is no token, not that it is malformed."""
    monkeypatch.setenv("SEMAX_BOT_TOKEN", "")
    assert read_settings().token is None


@pytest.mark.parametrize("written", [TOKEN, f" {TOKEN}\n"])
def test_the_token_stays_hidden(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """A token is accepted with the white space of a paste, and never shown by printing the settings."""
    monkeypatch.setenv("SEMAX_BOT_TOKEN", written)
    settings = read_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump()}"


@pytest.mark.parametrize(
    "token", ["hello", "123:short", f'"{TOKEN}"', f"bot{TOKEN}", TOKEN.replace(":", ""), TOKEN + " x"]
)
def test_a_malformed_token_is_named_but_not_repeated(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """The line tells where a token comes from and what it looks like, and holds nothing of what was written."""
    monkeypatch.setenv("SEMAX_BOT_TOKEN", token)
    with pytest.raises(SettingsError, match=r"^SEMAX_BOT_TOKEN should hold .*@BotFather") as caught:
        read_settings()
    assert token not in str(caught.value)
    assert caught.value.__cause__ is None  # the lower error quotes its input
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql://user:secret@host:5432/quiz",
        "postgresql://user:secret@/quiz?host=/run",
        "postgresql://host/quiz",
    ],
)
def test_a_database_is_named_and_its_password_stays_hidden(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Nothing means the file in the data folder; a server's URL is taken as written, and never shown."""
    monkeypatch.setenv("SEMAX_BOT_DATABASE_URL", f" {url}\n")
    settings = read_settings()
    assert settings.database_url.get_secret_value() == url
    assert "secret@" not in f"{settings!r} {settings} {settings.model_dump()}"


@pytest.mark.parametrize(
    "url", ["https://api.telegram.org", "http://127.0.0.1:8081/", "http://[::1]:8081", "https://host/tg"]
)
def test_a_server_root_is_accepted_without_its_slash(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Any http(s) root will do, as a local Bot API server or a reverse proxy needs it."""
    monkeypatch.setenv("SEMAX_BOT_API_URL", url)
    assert read_settings().api_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_URL", "api.telegram.org"),
        ("API_URL", "ftp://host"),
        ("API_URL", "http://"),
        ("API_URL", "http://host:port"),
        ("API_URL", "http://host:99999"),
        ("API_URL", "http://[::1"),
        ("API_URL", "http://host/?a=1"),
        ("API_URL", "https://user:secret@host"),
        ("API_URL", f"https://api.telegram.org/bot{TOKEN}"),
        ("DATABASE_URL", "mysql://user:secret@host/quiz"),
        ("DATABASE_URL", "postgresql://user:secret@host"),
        ("DATABASE_URL", "postgresql:///quiz"),
        ("DATABASE_URL", "postgresql://user:secret@host:port/quiz"),
        ("DATABASE_URL", "postgresql://user:secret@[host/quiz"),
        ("DATABASE_URL", "semax-bot.sqlite3"),
        ("MAX_RATE", "fast"),
        ("MAX_RATE", "-1"),
        ("MAX_RATE", "nan"),
        ("MAX_RATE", "inf"),
        ("LOG_LEVEL", "loud"),
        ("DATA", "file"),
        ("DATA", "~nobody-of-this-name/data"),
        ("CONTENT", "file"),
    ],
)
def test_a_bad_value_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Each bad value is one line that names the variable and what it should hold, and never the value."""
    Path("file").touch()
    monkeypatch.setenv(f"SEMAX_BOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert line.startswith(f"SEMAX_BOT_{name} should hold ")
    assert "\n" not in line
    assert "secret" not in line
    assert TOKEN not in line


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to start three times to learn of three faults."""
    for name in ("TOKEN", "API_URL", "MAX_RATE"):
        monkeypatch.setenv(f"SEMAX_BOT_{name}", "x")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    named = [line.split()[0] for line in str(caught.value).splitlines()]
    assert named == ["SEMAX_BOT_TOKEN", "SEMAX_BOT_API_URL", "SEMAX_BOT_MAX_RATE"]


def test_an_unreadable_env_file_is_named() -> None:
    """A `.env` saved as UTF-16 by some editor is one line, not a traceback."""
    Path(".env").write_bytes("SEMAX_BOT_MAX_RATE=1".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"\.env cannot be read; it should be a UTF-8 text file"):
        read_settings()


def test_settings_never_change() -> None:
    """What was read once holds for the whole process."""
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().max_rate = 1  # type: ignore[misc]  # the assignment is what must fail


def test_an_unknown_variable_is_warned_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in a name is answered with the nearest name, wherever it stands; other programs' names are not ours."""
    monkeypatch.setenv("SEMAX_BOT_TOKNE", "secret")
    monkeypatch.setenv("SEMAXBOT_TOKEN", "secret")
    Path(".env").write_text("SEMAX_BOT_TOKNE=secret\nSEMAX_BOT_APIURL=x\nSEMAX_BOT_MAX_RATE=2\nOTHER=1\n", "utf-8")
    assert read_settings().max_rate == 2
    assert unknown_variables() == [
        "SEMAX_BOT_TOKNE is no setting; did you mean SEMAX_BOT_TOKEN?",
        "SEMAX_BOT_APIURL is no setting; did you mean SEMAX_BOT_API_URL?",
    ]


def test_the_example_names_every_setting() -> None:
    """`.env.example` lists all settings, with their defaults where they have one that fits every machine."""
    lines = [line.removeprefix("#") for line in EXAMPLE.read_text("utf-8").splitlines()]
    written = dict(line.split("=", 1) for line in lines if line.startswith("SEMAX_BOT_"))
    fields = {f"SEMAX_BOT_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert written.keys() == fields.keys()
    assert {name: str(fields[name].default) for name, value in written.items() if value} == {
        name: value for name, value in written.items() if value
    }

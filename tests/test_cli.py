"""The command line, as a person or a script meets it: the real process, its output and its exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from semax_bot import __version__

ROOT = Path(__file__).parents[1]
BOT = [sys.executable, "-m", "semax_bot"]
KEYS = {
    *("question", "kind", "entry", "entries", "confidence", "text"),
    *("evidence", "caveats", "source_check", "buttons"),
}
TOKEN = "123456789:AAF-made-up_token_for-tests_only_00"


def environment(**extra: str) -> dict[str, str]:
    """The machine's environment without our variables, so that no developer's settings reach a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "SEMAX_BOT_DATA": "data", **extra}  # in the process's folder


def bot(
    folder: Path, arguments: Sequence[str | bytes], given: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a folder of its own until it ends."""
    return subprocess.run(
        [*BOT, *arguments],
        cwd=folder,
        env=env or environment(),
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


def answers(output: bytes) -> list[dict[str, object]]:
    """The JSON objects of an output, one per line."""
    return [json.loads(line) for line in output.splitlines()]


def test_help_names_every_command_and_version_the_release(tmp_path: Path) -> None:
    """Somebody who types only the name learns what there is."""
    shown = bot(tmp_path, ["--help"]).stdout.decode()
    listed = [
        line.split()[0] for line in shown.split("Commands:")[1].splitlines() if line.startswith("  ") and line[2] != " "
    ]
    assert listed == "run chat ask check schema eval web site stats backup restore export-anki".split()
    assert bot(tmp_path, ["--version"]).stdout.decode() == f"semax-bot {__version__}\n"


def test_ask_prints_the_card_as_plain_text(tmp_path: Path) -> None:
    """Through a pipe a card has no colour codes, and the words need no quotes around them."""
    done = bot(tmp_path, ["ask", "what", "is", "DOPAC?"])
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines()[0] == "DOPAC"
    assert b"\x1b" not in done.stdout


def test_ask_lists_what_a_chat_would_offer_as_buttons(tmp_path: Path) -> None:
    """Where nothing can be pressed, the near entries of a question that has no card stand in the text."""
    question = "Who won the football world cup?"
    (reply,) = answers(bot(tmp_path, ["ask", "--json", question]).stdout)
    assert isinstance(reply["buttons"], list)
    lines = bot(tmp_path, ["ask", question]).stdout.decode().splitlines()
    assert (
        [line[2:] for line in lines if line.startswith("• ")] == [button["label"] for button in reply["buttons"]] != []
    )


def test_ask_json_gives_the_promised_keys(tmp_path: Path) -> None:
    """Scripts rely on these keys and types."""
    (reply,) = answers(bot(tmp_path, ["ask", "--json", "What is DOPAC?"]).stdout)
    assert reply.keys() == KEYS
    assert (reply["question"], reply["kind"], reply["entry"]) == ("What is DOPAC?", "answer", "06/term/dopac")
    entries, buttons, check = reply["entries"], reply["buttons"], reply["source_check"]
    assert isinstance(entries, list)
    assert entries[0] == "06/term/dopac"
    assert len(entries) <= 5
    assert isinstance(reply["confidence"], float | int)
    assert 0 <= reply["confidence"] <= 1
    assert isinstance(reply["caveats"], list)
    assert isinstance(reply["evidence"], str)
    assert isinstance(buttons, list)
    assert all(button.keys() == {"label", "action"} for button in buttons)
    assert isinstance(check, dict)
    assert check.keys() == {"verdict", "words", "finding", "citations"}
    text = str(reply["text"])
    assert all(str(caveat) in text for caveat in reply["caveats"])


def test_every_kind_but_answer_has_no_entry(tmp_path: Path) -> None:
    """A refusal or a suggestion never claims to be a card, and still offers a person something to read."""
    asked = "Who won the football world cup?\nWhat dose should I take?\nhello\n"
    replies = answers(bot(tmp_path, ["ask", "--json", "-"], asked.encode()).stdout)
    assert [reply["kind"] for reply in replies] == ["out_of_scope", "medical", "smalltalk"]
    assert [reply["entry"] for reply in replies] == [None, None, None]
    assert all(reply["text"] for reply in replies)


def test_a_stream_is_answered_line_by_line(tmp_path: Path) -> None:
    """Each question is answered before the next is written, so that another program can hold a dialogue."""
    with subprocess.Popen(
        [*BOT, "ask", "--json", "-"], cwd=tmp_path, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for question in ("What is DOPAC?", "What is 5-HIAA?"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_every_line_gets_one_object_whatever_it_holds(tmp_path: Path) -> None:
    """Bytes that are no text, empty and endless lines, and a last one without its end: one object each, in order."""
    lines = [
        b"What is DOPAC?",
        b"",
        b"\xff\xfe dopamine",
        b"why " * 50_000,
        b"\x00\x1b[31m",
        "né\u2028mot".encode(),
        b"end",
    ]
    replies = answers(bot(tmp_path, ["ask", "--json", "-"], b"\n".join(lines)).stdout)
    assert [reply["question"] for reply in replies] == [line.decode("utf-8", "replace") for line in lines]
    assert all(reply.keys() == KEYS for reply in replies)


def test_windows_line_ends_are_no_part_of_the_question(tmp_path: Path) -> None:
    """A file from another system asks the same questions."""
    replies = answers(bot(tmp_path, ["ask", "--json", "-"], b"What is DOPAC?\r\n").stdout)
    assert [reply["question"] for reply in replies] == ["What is DOPAC?"]


def test_a_follow_up_refers_to_the_entry_after(tmp_path: Path) -> None:
    """`--after` stands in for the chat's last card; an id that does not exist is said so."""
    (reply,) = answers(bot(tmp_path, ["ask", "--json", "why?", "--after", "06/figure/dopamine-turnover"]).stdout)
    assert (reply["kind"], reply["entry"]) == ("answer", "06/figure/dopamine-turnover")
    wrong = bot(tmp_path, ["ask", "why?", "--after", "06/term/nothing"])
    assert wrong.returncode == 2
    assert b"06/term/nothing" in wrong.stderr
    assert b"Traceback" not in wrong.stderr


@pytest.mark.parametrize("arguments", [["ask", "DOPAC"], ["chat"], ["run"], ["check"], ["eval", "questions.yaml"]])
def test_bad_settings_end_with_a_line_each_and_code_2(tmp_path: Path, arguments: list[str]) -> None:
    """Whatever is started with bad settings says what is wrong, once, without a traceback or a secret."""
    (tmp_path / "questions.yaml").touch()
    (tmp_path / ".env").write_text("SEMAX_BOT_MAX_RATE=fast\n", "utf-8")
    done = bot(tmp_path, arguments, env=environment(SEMAX_BOT_TOKEN=f"{TOKEN}!"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert [line.split()[0] for line in done.stderr.decode().splitlines()] == ["SEMAX_BOT_TOKEN", "SEMAX_BOT_MAX_RATE"]
    assert TOKEN not in done.stderr.decode()


def test_unreadable_content_ends_with_a_line_and_code_2(tmp_path: Path) -> None:
    """A wrong folder, from the option or the environment, is named."""
    for done in (
        bot(tmp_path, ["ask", "DOPAC", "--content", "nowhere"]),
        bot(tmp_path, ["run"], env=environment(SEMAX_BOT_CONTENT="nowhere")),
    ):
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        assert b"nowhere" in done.stderr


def test_a_slip_in_a_variable_is_one_warning(tmp_path: Path) -> None:
    """The bot works, and says which name was meant."""
    done = bot(tmp_path, ["ask", "DOPAC"], env=environment(SEMAX_BOT_MAXRATE="5"))
    assert done.returncode == 0
    assert done.stderr == b"Warning: SEMAX_BOT_MAXRATE is no setting; did you mean SEMAX_BOT_MAX_RATE?\n"


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "--colour", "x"], ["sing"], ["eval", "nowhere.yaml"]])
def test_a_wrong_command_line_is_explained(tmp_path: Path, arguments: list[str]) -> None:
    """A slip on the command line ends with code 2 and a hint."""
    done = bot(tmp_path, arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error" in done.stderr
    assert b"Traceback" not in done.stderr


def test_run_without_a_token_is_the_chat(tmp_path: Path) -> None:
    """One line says that there is no token; standard output holds answers alone; the end of input is no error."""
    done = bot(tmp_path, ["run"], b"What is DOPAC?\n\nwhy?\n")
    assert done.returncode == 0
    assert done.stderr.decode().startswith("SEMAX_BOT_TOKEN is not set")
    assert done.stderr.count(b"\n") == 1
    first, second = done.stdout.decode().split("─" * 40)
    assert first.startswith("DOPAC\n")
    assert "DOPAC" in second
    assert bot(tmp_path, ["chat"]).stdout == b""


def test_chat_presses_buttons_and_leaves(tmp_path: Path) -> None:
    """In a piped chat a number presses a button of the last card, and nothing after /quit is read."""
    done = bot(tmp_path, ["chat"], b"What is DOPAC?\n1\n99\n/trems\n/quit\nWhat is 5-HIAA?\n")
    card, pressed, no_button, no_command = done.stdout.decode().split("─" * 40)
    assert "\n[1] " in card
    assert pressed != card
    assert "The last card has the buttons 1 to" in no_button
    assert "/terms" in no_command


def test_check_tells_faults_by_its_exit_code(tmp_path: Path) -> None:
    """The shipped content is sound; a broken course ends with code 1 and the fault's place."""
    assert bot(tmp_path, ["check"]).returncode == 0
    (tmp_path / "course.yaml").write_text("title: Broken\nunits: many\n", "utf-8")
    done = bot(tmp_path, ["check", "."])
    assert done.returncode == 1
    assert b"course.yaml:2" in done.stdout


def test_schema_is_json(tmp_path: Path) -> None:
    """An editor can read the schema as it is printed."""
    assert json.loads(bot(tmp_path, ["schema"]).stdout)["properties"]["entries"]


def test_eval_prints_a_table_or_json(tmp_path: Path) -> None:
    """The same report, for a person and for a program."""
    questions = ROOT / "tests" / "questions" / "learners.yaml"
    table = bot(tmp_path, ["eval", str(questions)])
    assert table.returncode == 0, table.stderr.decode()
    assert "top-1" in table.stdout.decode().lower()
    assert json.loads(bot(tmp_path, ["eval", str(questions), "--json"]).stdout)


def test_a_reader_that_leaves_is_no_accident(tmp_path: Path) -> None:
    """`semax-bot ask --json - | head -1` shows no traceback."""
    with subprocess.Popen(
        [*BOT, "ask", "--json", "-"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"What is DOPAC?\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"What is DOPAC?\n")
        process.stdin.close()
        assert process.stderr.read() == b""


def test_any_locale_will_do(tmp_path: Path) -> None:
    """A screen that cannot show an icon still gets the card; JSON is UTF-8 everywhere."""
    latin = environment(PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    done = bot(tmp_path, ["ask", "What is DOPAC?"], env=latin)
    assert done.returncode == 0
    assert done.stdout.startswith(b"DOPAC")
    (reply,) = answers(bot(tmp_path, ["ask", "--json", b"caf\xc3\xa9 \xff"], env=latin).stdout)
    assert reply["question"] == "café \N{REPLACEMENT CHARACTER}"


def test_ask_imports_only_what_it_uses(tmp_path: Path) -> None:
    """What takes long to import is left to the commands that need it, so that the first answer comes at once."""
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "semax_bot", "ask", "DOPAC"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in traced.stderr.splitlines() if "|" in line}
    assert "semax_bot" in imported
    assert not imported & {"telegram", "httpx", "structlog", "prompt_toolkit", "rich", "unittest", "hypothesis"}

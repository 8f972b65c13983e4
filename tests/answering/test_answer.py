"""What a learner gets: the first sentence, the table, the way on, and honest limits."""

import pytest

from semax_bot.reply import Caveat, Check, Evidence, Reply, Table, Text, plain
from semax_bot.tutor import Tutor


def lead(reply: Reply) -> str:
    """The sentence that comes first."""
    return next(block.text for block in reply.blocks if isinstance(block, Text) and block.lead)


def actions(reply: Reply) -> list[str]:
    """What the buttons do."""
    return [button.action for row in reply.buttons for button in row]


@pytest.mark.parametrize(
    ("question", "begins_with"),
    [
        ("how much does norepinephrine turnover rise", "15-25%"),
        ("in which regions does dopamine turnover go up", "striatum"),
        ("is the dopamine turnover rise proven", "rodent"),
    ],
)
def test_the_facet_picks_the_first_sentence(tutor: Tutor, question: str, begins_with: str) -> None:
    """'How much' leads with the figure, 'where' with the region, 'is it proven' with the ground it stands on."""
    assert begins_with in lead(tutor.ask(question))


@pytest.mark.parametrize(
    "form", ["DOPAC", "dopac?!", "  Dopac ", "ＤＯＰＡＣ", "𝐃𝐎𝐏𝐀𝐂", "🧠 dopac 🧠", "d̈opac", "@semax_bot dopac"]
)
def test_form_does_not_matter(tutor: Tutor, form: str) -> None:
    """Case, punctuation, emoji, Unicode forms, accents and mentions change nothing."""
    assert tutor.ask(form).entry == "06/term/dopac"


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("lokus ceruleus", "06/term/locus-coeruleus"),
        ("LC", "06/term/locus-coeruleus"),
        ("amfetamine", "06/comparison/amphetamine"),
        ("Adderall", "06/comparison/amphetamine"),
        ("Provigil", "06/comparison/modafinil"),
        ("Hamilton scale", "06/figure/ham-d"),
        ("spinal fluid", "06/evidence/csf-metabolites"),
        ("noradreneline turnover percentage", "06/figure/norepinephrine-turnover"),
        ("5-HT2A", "06/evidence/5-ht2a"),
        ("5-HIAA", "06/term/5-hiaa"),
    ],
)
def test_typos_abbreviations_and_brands(tutor: Tutor, typed: str, entry: str) -> None:
    """Names are found however they are spelled, and digits are never mended away."""
    assert tutor.ask(typed).entry == entry


def test_adrenaline_is_not_norepinephrine(tutor: Tutor) -> None:
    """Another substance is not answered with a similar name's card."""
    assert tutor.ask("does semax raise adrenaline").kind == "out_of_scope"


def test_methylphenidate_is_named_and_no_more(tutor: Tutor) -> None:
    """The unit names it once; the card says that, and gives it no facts of its own."""
    assert "names it once" in lead(tutor.ask("what about ritalin"))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("is modafinil more addictive than amphetamine", {"Modafinil", "Amphetamine"}),
        ("compare the addiction potential of semax, amphetamine and modafinil", {"Semax", "Amphetamine", "Modafinil"}),
        ("is it more addictive than modafinil", {"Semax", "Modafinil"}),
    ],
)
def test_comparisons_show_a_row_per_drug_on_the_aspect_asked(tutor: Tutor, question: str, named: set[str]) -> None:
    """Two or three drugs stand side by side on one aspect; 'it' is the unit's own."""
    (table,) = (block for block in tutor.ask(question).blocks if isinstance(block, Table))
    assert {drug for drug, _ in table.rows} == named
    assert "addiction" in table.title.casefold()


def test_the_second_part_of_a_question_becomes_a_button(tutor: Tutor) -> None:
    """The first part is answered, the second is one tap away."""
    reply = tutor.ask("what is DOPAC and where is the locus coeruleus?")
    assert reply.entry == "06/term/dopac"
    assert actions(reply)[0] == "card:06/term/locus-coeruleus"


def test_an_unknown_topic_is_honestly_not_covered(tutor: Tutor) -> None:
    """No card is better than a wrong one; the nearest entries are offered."""
    reply = tutor.ask("what is the half-life of semax")
    assert (reply.kind, reply.entry) == ("out_of_scope", None)
    assert reply.buttons


@pytest.mark.parametrize("question", ["how many sprays should I take", "can I combine it with my antidepressant"])
def test_personal_medical_questions_are_kindly_refused(tutor: Tutor, question: str) -> None:
    """The refusal points to a clinician and gives no number."""
    reply = tutor.ask(question)
    assert reply.kind == "medical"
    assert any(word in plain(reply) for word in ("doctor", "clinician", "pharmacist"))
    assert not any(map(str.isdigit, plain(reply).replace("unit 6", "")))


def test_course_questions_about_risk_are_answered(tutor: Tutor) -> None:
    """Addiction and crash are in the unit; they are no reason to refuse."""
    for question in ("is it addictive", "does it cause a crash"):
        assert tutor.ask(question).kind == "answer"


def test_every_claim_shows_its_ground(tutor: Tutor) -> None:
    """Each card has an evidence level; where the check found something it has its own line, and caveats stand by it."""
    for entry in tutor.course.entries.values():
        blocks = tutor.open(entry.id).blocks
        assert any(isinstance(block, Evidence) for block in blocks)
        assert any(isinstance(block, Check) for block in blocks) == (entry.source_check is not None)
        assert sum(isinstance(block, Caveat) for block in blocks) == min(len(entry.caveats), 2)


def test_a_card_fits_a_phone(tutor: Tutor) -> None:
    """Most cards need no scrolling: the median stays below 1,000 characters, the longest below 1,700."""
    lengths = sorted(len(plain(tutor.open(entry))) for entry in tutor.course.entries)
    assert lengths[len(lengths) // 2] < 1000
    assert lengths[-1] < 1700


def test_nothing_is_said_twice(tutor: Tutor) -> None:
    """No sentence stands twice on a card, whichever facet leads it."""
    for entry in tutor.course.entries.values():
        texts = [line for line in plain(tutor.open(entry.id)).split(". ") if len(line) > 25]
        assert len(texts) == len(set(texts))

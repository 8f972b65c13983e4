"""Quantities: found in whatever way they are written, brought to one form, and not seen where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.course.quantity import quantities

SPELLINGS = {
    "15-25 %": ["15-25%", "+15–25 %", "15 to 25 percent", "15%-25%", "between 15 and 25 per cent", "15% to 25%"],
    "10 day": ["10 days", "ten days", "10-day", "ten-day", "Ten days", "10\u00a0days"],
    "25 %": ["25%", "−25 %", "twenty-five percent", "+25%", "25 percentage points", "25.0%"],
    "1.4 x": ["1.4x", "1.4×", "1.4-fold", "1.4 fold", "1.4 times as much", "1.40 times higher"],
    "3 x": ["threefold", "three-fold", "3-fold", "tripled", "three times more"],
    "2 x": ["twofold", "doubled", "doubling", "twice as much", "2×"],
    "2:1": ["2:1", "2 : 1", "two out of one"],
    "1:3": ["one in three", "1 in 3", "1/3", "1 out of 3", "a third of them"],
    "2:3": ["two thirds", "2/3", "two out of three", "two-thirds"],
    "0.5 x": ["halved", "0.5 times as much"],
    "50 μg/kg": ["50 µg/kg", "50 μg/kg", "50 mcg/kg", "50 ug per kg", "50 micrograms per kg"],
    "1200 mg": ["1,200 mg", "1200 milligrams", "1 200 mg"],
    "12 year": ["12 years", "12 y", "12-year", "twelve years"],
    "2-3 h": ["2-3 h", "2 to 3 hours", "two to three hours", "2–3 hrs", "2-to-3-hour"],
    "2.4 nm": ["2.4 nM", "2.4 nanomolar", "2.40 nM"],
    "8-12 hz": ["8-12 Hz", "8 to 12 Hz", "8–12-Hz"],
    "2-3": ["2-3", "2 to 3", "between 2 and 3"],
    "0.05": ["0.05", "p<0.05", "p = .05"],
    "6 point": ["6 points", "6-point"],
}
NONE = [
    *("5-HT2A", "5-HT", "5-HIAA", "α2A", "D2/D3", "alpha-2", "COVID-19", "3,4-dihydroxyphenylacetic acid"),
    *("unit 6", "units 1-5", "unit 6 of 11", "ACTH(4-10)", "ACTH 4-7", "Schedule II", "HAM-D 17"),
    *("in 2005", "2004-2006", "2004/05", "the 1980s", "Eremin et al. 2005, doi 10.1007/s11064-005-8826-8"),
    *("PMID 15188751", "21 CFR 1308.12", "https://example.org/3.5/2-1"),
    *("30 patients", "n=11", "6 v 5 placebo", "three systems", "a 3 x 4 comparison", "5 or 6 rats", "5 pm"),
    *(
        "one day it may",
        "three points to keep",
        "said twice",
        "a third system",
        "a double check",
        "per cent",
        "many times",
        "24/7",
        "",
        "-",
        "a.b.c",
    ),
]


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in SPELLINGS.items() for text in texts])
def test_every_spelling_has_one_form(form: str, text: str) -> None:
    """An author may write a figure as the sentence wants it; the check still knows it."""
    assert list(quantities(f"It was, they say, {text} in the cortex.")) == [form]


@pytest.mark.parametrize("text", NONE)
def test_names_years_and_counts_are_no_quantities(text: str) -> None:
    """The digits in a receptor's name never make an author list them as a figure."""
    assert quantities(f"It is {text} in the cortex.") == {}


SENTENCES = {
    "KD 2.4±1.0 nM": {"2.4 nm", "±1 nm"},
    "10 men took 200/400 mg": {"200 mg", "400 mg"},
    "DAT occupancy 51% (200 mg), 57% (300 mg)": {"51 %", "200 mg", "57 %", "300 mg"},
    "BDNF protein 1.4x, TrkB phosphorylation 1.6x, exon-III BDNF mRNA 3x": {"1.4 x", "1.6 x", "3 x"},
    "25-30% over 10 days in the unit's HAM-D": {"25-30 %", "10 day"},
    "tissue 5-HIAA +25% at 2 h; extracellular up to 180% over 1-4 h": {"25 %", "2 h", "180 %", "1-4 h"},
    "the unit 15-25%": {"15-25 %"},
    "2000 mg in 2000": {"2000 mg"},
    "unit 6 gives 10 days": {"10 day"},
}


@pytest.mark.parametrize(("text", "forms"), SENTENCES.items())
def test_all_quantities_of_a_sentence_are_found(text: str, forms: set[str]) -> None:
    """One figure never hides the next, nor does a name in front of it."""
    assert set(quantities(text)) == forms


def test_the_message_can_quote_what_is_written() -> None:
    """An author finds the words in the text again."""
    assert quantities("KD 2.4 ± 1 nM, ten days") == {
        "2.4 nm": "2.4 ± 1 nM",
        "±1 nm": "2.4 ± 1 nM",
        "10 day": "ten days",
    }


UNITS = st.sampled_from(["%", " percent", "x", "-fold", " days", "-week", " h", " mg", " mg/kg", " nM", " Hz", " ml"])
NUMBERS = st.one_of(
    st.integers(1, 10**5).map(str),
    st.integers(1, 99999).map(lambda n: f"{n / 100:.2f}"),
    st.integers(1000, 99999).map(lambda n: f"{n:,}"),
)
AROUND = st.sampled_from(["", "about ", "5-HT2A ", "in 2005 ", "n=11, ", "(", "+", "−", "30 patients: ", "unit 6: "])


@given(before=AROUND, number=NUMBERS, unit=UNITS)
def test_any_number_with_a_unit_is_one_quantity(before: str, number: str, unit: str) -> None:
    """No number is too large, too small or too oddly placed to need ground."""
    alone, placed = quantities(number + unit), quantities(f"Seen {before}{number}{unit}, they say.")
    assert len(alone) == 1
    assert placed == alone


@given(number=st.integers(1, 10**6), other=st.integers(1, 10**6), unit=UNITS)
def test_different_numbers_are_different_quantities(number: int, other: int, unit: str) -> None:
    """A wrong figure is never taken for the right one."""
    assert (quantities(f"{number}{unit}") == quantities(f"{other}{unit}")) == (number == other)


@given(
    low=st.integers(1, 500), high=st.integers(1, 500), to=st.sampled_from(["-", "–", " to ", " - ", "—", "%-", "% to "])
)
def test_a_range_is_one_quantity_however_it_is_joined(low: int, high: int, to: str) -> None:
    """15-25% is neither 15% nor 25%."""
    assert list(quantities(f"up {low}{to}{high}%")) == [f"{low}-{high} %"]


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    """No text, in whatever script, stops the check; and what is found stands in the text's own order of forms."""
    assert all(form and written for form, written in quantities(text).items())

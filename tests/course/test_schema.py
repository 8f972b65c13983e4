"""The schema: what an editor is told agrees with what the loader takes."""

import json
from typing import Any

import pytest

from semax_bot.course import model
from semax_bot.course.schema import schema


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """The schema as an editor reads it."""
    parsed: dict[str, Any] = json.loads(schema())
    return parsed


def test_it_says_which_dialect_it_is_in(known: dict[str, Any]) -> None:
    """An editor needs the dialect to read the rest."""
    assert known["$schema"] == "https://json-schema.org/draft/2020-12/schema"


KINDS = [model.Entry, model.Source, model.Unit, model.Word, model.Boundary, model.SourceCheck, model.Item, model.Option]


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_completes_every_key_and_no_other(known: dict[str, Any], kind: type[model.Model]) -> None:
    """A key that the loader knows is offered, and one that it refuses is underlined."""
    shape = known["$defs"][kind.__name__]
    assert set(shape["properties"]) == set(kind.model_fields)
    assert set(shape.get("required", [])) == {name for name, field in kind.model_fields.items() if field.is_required()}
    assert shape["additionalProperties"] is False


def test_an_editor_offers_the_values_that_are_allowed(known: dict[str, Any]) -> None:
    """Evidence levels, verdicts, facets and kinds of item are chosen from a list."""
    for kind in (model.EvidenceLevel, model.Verdict, model.Facet, model.ItemKind):
        assert known["$defs"][kind.__name__]["enum"] == list(kind)


def test_an_editor_shows_the_limit_of_a_short_text(known: dict[str, Any]) -> None:
    """An author sees that `short` is too long while writing it."""
    assert known["$defs"]["Entry"]["properties"]["short"]["maxLength"] == 200

"""All kinds of picture by name, each declared once; imported by the worker only."""

from collections.abc import Callable, Mapping
from typing import Any

from semax_bot.charts import changes, comparison, curve, progress, span, tally

SPECIFICATIONS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "progress": progress.specification,
    "changes": changes.specification,
    "curve": curve.specification,
    "span": span.specification,
    "comparison": comparison.specification,
    "tally": tally.specification,
}

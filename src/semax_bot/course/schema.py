"""The content model as JSON Schema, so that editors complete and explain the keys of a content file."""

import json

from semax_bot.course.unit_file import UnitFile


def schema() -> str:
    """The JSON Schema of one YAML file of a unit, indented."""
    frame = {"$schema": "https://json-schema.org/draft/2020-12/schema", **UnitFile.model_json_schema()}
    return json.dumps(frame, indent=2, ensure_ascii=False)

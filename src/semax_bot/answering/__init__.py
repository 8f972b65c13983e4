"""The skill that this product exists for: understand a question, find what answers it, compose the card.

understand (text, facets) -> find (index, find) -> decide -> compose. Pure and deterministic; built once, asked often.
"""

import os

# A question is a tenth of a millisecond's work for one core; threads would only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

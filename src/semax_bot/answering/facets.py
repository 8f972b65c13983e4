"""What a question wants to know: its facets, by cue words.

The cues are ordinary English, the same for every unit. Order matters: the first facet whose cue matches leads the card,
so the narrow ones (an amount, a place) stand before the broad ones (what it is, what it does).
"""

import re
from collections.abc import Sequence

from semax_bot.course.model import Facet

_CUES = {
    Facet.AMOUNT: r"""how (much|many|big|large|long|strong|high|far|steep|fast)|percent\w*|numbers?|figures?|size|
        magnitude|by what|amounts?|range|ratio of|days|quantif\w+|exact|score|digits""",
    Facet.COMPARISON: r"""vs|versus|compar\w+|differ\w*|distinguish\w*|unlike|than|better|worse|instead of|similar\w*|
        same as|contrast\w*|against|side by side""",
    Facet.EVIDENCE: r"""evidence|proven|proof|prove\w*|stud(y|ies|ied|ying)|trial\w*|data|measured|tested|shown|
        research|source\w*|citations?|replicat\w*|confirm\w*|humans?|people|patients?|rodents?|rats?|mice|animals?|species|placebo|
        solid|reliable|trust\w*|sure|true|legit|how do (they|we|you) know|who (found|did|showed|measured)|published""",
    Facet.CAVEAT: r"""caveats?|catch|limit\w*|careful|warning|misleading|overstat\w*|hype\w*|wrong with|exaggerat\w*|
        problem with|accurate|fair to|weak\w*|myth|bogus|nonsense""",
    Facet.WHERE: r"""where\w*|(which|what) (brain )?(regions?|areas?|parts?|spots?|nucle\w+)|regions?|located|location|
        sits?|found in|in the brain|areas?""",
    Facet.MECHANISM: r"""why|how (does|do|is|can|could|come|did|would|exactly)|mechanis\w+|cause[sd]?|because|through|
        via|reason|explains?|driv\w+|pathway|works?|behind|root|upstream|lead to""",
    Facet.DEFINITION: r"""what (is|are|does \w+ (mean|stand))|whats|define|definition|meaning|means?|stands? for|who is|
        explain|full name|abbreviation|term for|called|name (of|for)|refers?""",
    Facet.EFFECT: r"""does|do|can|will|is|are|effects?|raise[sd]?|increase[sd]?|lower[sd]?|boost\w*|improv\w*|
        chang\w+|affect\w*|help\w*|feel\w*|go(es)? up|makes?|happen\w*|result\w*|benefits?|good for""",
}
_LINE_END = re.compile(r"\s*\n\s*")  # in the tables above, for reading only
_PATTERNS = {facet: re.compile(rf"(?<!\w)(?:{_LINE_END.sub('', cue)})(?!\w)") for facet, cue in _CUES.items()}


def facets(words: Sequence[str]) -> tuple[Facet, ...]:
    """The facets that the mended words of a question ask for, the leading one first; empty for a bare keyword."""
    question = " ".join(words)
    return tuple(facet for facet, pattern in _PATTERNS.items() if pattern.search(question))

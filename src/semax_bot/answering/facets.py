"""What a question wants to know: its facets, by cue words.

The cues are ordinary English, the same for every unit. Order matters: the first facet whose cue matches leads the card,
so the narrow ones (an amount, a place) stand before the broad ones (what it is, what it does).
"""

import re

from semax_bot.course.model import Facet

_CUES = {
    Facet.AMOUNT: r"how (much|many|big|large|long|strong|high|far|steep)|percent\w*|%|numbers?|figures?|size|magnitude|"
    r"by what|amounts?|range|ratio of|how fast|days|quantif\w+|exact|score|digits",
    Facet.COMPARISON: r"vs|versus|compar\w+|differ\w*|distinguish\w*|unlike|than|better|worse|instead of|similar\w*|"
    r"same as|contrast\w*|or (amphetamine|modafinil|semax|selank)|against",
    Facet.EVIDENCE: r"evidence|proven|proof|prove\w*|stud(y|ies)|stud(ied|ying)|trial\w*|data|measured|tested|shown|research|"
    r"source\w*|citations?|replicat\w*|confirm\w*|humans?|people|patients|rodents?|rats?|mice|animals?|placebo|solid|reliable|"
    r"trust\w*|sure|true|legit|how do (they|we|you) know|who (found|did|showed|measured|ran)|peer reviewed|published",
    Facet.CAVEAT: r"caveats?|catch|limit\w*|careful|warning|misleading|overstat\w*|hype\w*|wrong with|exaggerat\w*|problem with|"
    r"accurate|fair to|weak\w*|myth|bogus|nonsense",
    Facet.WHERE: r"where\w*|which (brain )?(regions?|areas?|parts?|spots?|nucle\w+)|what (brain )?(regions?|areas?|parts?)|"
    r"regions?|located|location|sits?|found in|in the brain|brainstem or|areas?",
    Facet.MECHANISM: r"why|how (does|do|is|can|could|come|did|would|exactly)|mechanis\w+|cause[sd]?|because|through|via|"
    r"reason|explains?|driv\w+|pathway|works?|behind|root|upstream|lead to",
    Facet.DEFINITION: r"what('?s| is| are| does \w+ (mean|stand))|whats|define|definition|meaning|means?|stands? for|"
    r"who is|explain|full name|abbreviation|term for|called|name (of|for)|refers?",
    Facet.EFFECT: r"does|do|can|will|is|are|effects?|raise[sd]?|increase[sd]?|lower[sd]?|boost\w*|improv\w*|chang\w+|"
    r"affect\w*|help\w*|feel\w*|go(es)? up|make[s]?|happen\w*|result\w*|benefits?|good for",
}
_PATTERNS = {facet: re.compile(rf"(?<!\w)(?:{cue})(?!\w)") for facet, cue in _CUES.items()}


def facets(question: str) -> tuple[Facet, ...]:
    """The facets that a folded question asks for, the leading one first; empty for a bare keyword."""
    return tuple(facet for facet, pattern in _PATTERNS.items() if pattern.search(question))

"""The kinds of findings, in the order in which they are written.

A new one is one file here, one entry below, and one template of its name in each of
``wordings/*.toml``. What it has to hold stands in `analysis.prose.context.Kind`.
"""

from collections.abc import Iterator

from analysis.prose.context import Finding, Kind
from analysis.prose.facts import Facts
from analysis.prose.kinds.absence import Absence
from analysis.prose.kinds.background import Background
from analysis.prose.kinds.change import Change
from analysis.prose.kinds.co_emphasis import CoEmphasis
from analysis.prose.kinds.concentration import Concentration
from analysis.prose.kinds.confound import Confound
from analysis.prose.kinds.contrast import Contrast
from analysis.prose.kinds.corrected import Corrected
from analysis.prose.kinds.lead import Lead
from analysis.prose.kinds.presence import Presence
from analysis.prose.kinds.profile import Profile
from analysis.prose.kinds.ranking import Ranking
from analysis.prose.kinds.refusal import Refusal
from analysis.prose.kinds.scope import Scope
from analysis.prose.kinds.story import Story
from analysis.prose.kinds.validation import Validation

FIRST: tuple[type[Kind], ...] = (Lead, Scope, Confound)
EACH_TOPIC: tuple[type[Kind], ...] = (
    *(Story, Ranking, Presence, Absence, Background, Concentration, Contrast, Corrected),
    Change,
)
AFTER: tuple[type[Kind], ...] = (Profile, CoEmphasis, Validation, Refusal)
KINDS = {kind.kind: kind for kind in (*FIRST, *EACH_TOPIC, *AFTER)}


def select(facts: Facts) -> Iterator[Finding]:
    """Yield the findings that the rules choose, before they are worded."""
    topics = [topic for topic, groups in facts.groups.items() if groups]
    order = [(kind, "") for kind in FIRST]
    order += [(kind, topic) for topic in topics for kind in EACH_TOPIC]
    order += [(kind, "") for kind in AFTER]
    for kind, topic in order:
        yield from kind.choose(facts, topic)

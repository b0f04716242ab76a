r"""Dictionaries: topics, the patterns that stand for them, and where they match in a text.

A pattern is a word or a phrase, matched at the edges of words, with case and typography folded on
both sides (see `analysis.corpus.folding.fold`):

- ``train*``: ``*`` is any letters and digits, or none, anywhere in a word; ``?`` exactly one;
- ``sale of * helicopters``: a ``*`` of its own is any one word;
- ``cyber security``: a space is white space or a hyphen; a hyphen is a hyphen only;
- ``order* ... frigate*``: three points are any words between, none to six (each part of a
  hyphenated word counts);
- ``buy {equipment}``: any word or phrase of the dictionary's list ``equipment``; lists hold no gaps
  and no other lists;
- ``case: US``: a word or phrase with its case, so that "us" does not count; without lists, gaps
  and other spellings;
- ``regex: cyber.{0,3}war``: a regular expression of RE2 on folded text (every dash a hyphen, every
  white space one space), in any case; the edges of words are not implied. ``\b`` and ``\w`` know
  ASCII letters only; write ``\pL`` for any letter. It takes time linear in the text.

A match never leaves the text it is looked for in: a sentence, or whatever unit `sentences` made.
Words of scripts without spaces (Chinese, Japanese, Thai) are found inside other text as well,
unless the dictionary has a segmenter.

Of several places where a pattern may end after a gap, each counts as a candidate. Inside a topic
the leftmost, then longest match wins and no character is counted twice; the order of the patterns
never matters. A match that shares a character with an exclude pattern does not count. Topics are
independent of each other, unless the dictionary is exclusive: then a place in the text goes to the
topic with the longest match there, and to several only when they match exactly the same words.

A topic with a context counts only where one of its context patterns matches too, anywhere in the
same sentence, passage or article: `Dictionary.find` takes the text it is given for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from analysis.corpus.folding import fold, folds_evenly
from analysis.corpus.scripts import Segmenter, has_unspaced, word_edges
from analysis.corpus.tokens import blocks
from analysis.errors import InputError, check_choice, listing
from analysis.topics.matching import Candidate, Matcher
from analysis.topics.overlaps import choose
from analysis.topics.showing import to_html

TIERS = ("core", "broad")
SCOPES = ("sentence", "passage", "article")  # where the context of a topic may stand


@dataclass(frozen=True)
class Topic:
    """A topic: patterns that surely stand for it, patterns that may, and what does not count.

    Attributes
    ----------
    name : str
        As it stands in every table, an underscore for a space.
    core : tuple of str
        Patterns of the default tier.
    broad : tuple of str
        Patterns that the broad tier adds: near misses, worth a coder's look.
    exclude : tuple of str
        Patterns whose text no match of the topic may touch.
    description : str
        What counts and what does not, for people.
    match, no_match : tuple of str
        Worked examples that the core tier must, and must not, find on the topic.
    context : tuple of str
        Patterns of which one must match nearby, in either tier; if there are none, nothing has to.
    context_within : {"sentence", "passage", "article"}
        How near: in the same sentence (or other unit); in it or one of the three before and after
        it; or in the headline or body of the article. Without a context it is "sentence".
    """

    name: str
    core: tuple[str, ...]
    broad: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    description: str = ""
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    context_within: str = "sentence"

    def __post_init__(self) -> None:
        if not self.context:  # it says nothing then, and no file has a place for it
            object.__setattr__(self, "context_within", SCOPES[0])


class Match(NamedTuple):
    """One match: its topic, the pattern as the dictionary writes it, and its place."""

    topic: str
    pattern: str
    start: int
    end: int


@dataclass(frozen=True)
class Dictionary:
    """Topics and the spelling variants that apply to all their patterns.

    Attributes
    ----------
    name : str
        What the dictionary is called.
    topics : tuple of Topic
        In the order of the file, which is the order of every table.
    variants : mapping of str to tuple of str
        Other spellings of a word or of its beginning: ``{"defense": ("defence",)}`` makes every
        pattern with a word that begins with "defense" match "defence" as well.
    lists : mapping of str to tuple of str
        Named lists of words and phrases, for patterns such as ``buy {equipment}``.
    exclusive : bool
        Whether topics compete for the text.
    segmenter : callable, optional
        Gives the words of a text of a script without spaces (see `analysis.corpus.scripts`):
        there a match has to begin and end where words do.

    Examples
    --------
    >>> topics = Dictionary("energy", (Topic("wind", core=("wind power", "wind farm*")),))
    >>> topics.find("Wind\\u2011power and two wind farms.")
    [Match(topic='wind', pattern='wind power', start=0, end=10), \
Match(topic='wind', pattern='wind farm*', start=19, end=29)]
    """

    name: str
    topics: tuple[Topic, ...]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclusive: bool = False
    segmenter: Segmenter | None = None

    def __post_init__(self) -> None:
        names = self.topic_names
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            problem = f"two topics are called {listing(map(repr, doubled))}"
            raise InputError(problem, do="give each topic a name of its own")
        for topic in self.topics:
            where = f"context_within of topic {topic.name!r}"
            check_choice(topic.context_within, SCOPES, where, "place of a context")

    @property
    def topic_names(self) -> list[str]:
        """The names of the topics, in the order of the file."""
        return [topic.name for topic in self.topics]

    def patterns(self, topic: Topic, tier: str = "core") -> tuple[str, ...]:
        """Return the include patterns of a topic at a tier; the broad tier contains the core."""
        check_choice(tier, TIERS, "tier", "tier of a dictionary")
        return topic.core if tier == "core" else topic.core + topic.broad

    def find(self, text: str, tier: str = "core") -> list[Match]:
        """Return every match in a text, topic by topic; offsets are into the text as given."""
        return dict(self.find_all([text], tier)).get(0, [])

    def find_all(
        self, texts: Sequence[str], tier: str = "core"
    ) -> Iterator[tuple[int, list[Match]]]:
        """Yield, for each text with a match, its number and its matches as `find` gives them.

        A block of texts is searched at once.

        Examples
        --------
        >>> topics = Dictionary("energy", (Topic("wind", core=("wind farm*",)),))
        >>> list(topics.find_all(["Coal.", "Wind farms."]))
        [(1, [Match(topic='wind', pattern='wind farm*', start=0, end=10)])]
        """
        for number, places in self.places(texts, tier):
            if chosen := self.select(texts[number], places):
                yield number, chosen

    def included(self, tier: str = "core") -> dict[str, frozenset[str]]:
        """Return the include patterns of every topic at a tier."""
        return {topic.name: frozenset(self.patterns(topic, tier)) for topic in self.topics}

    def places(
        self, texts: Sequence[str], tier: str = "broad"
    ) -> Iterator[tuple[int, dict[Hashable, list[Candidate]]]]:
        """Yield, for each text where something fits, its number and every place by owner.

        The places are those of a tier, in the folded text, and may overlap. Owners are (topic,
        include or exclude); and (topic, context) in texts that hold what may need one, only there.
        `Places` keeps them for the texts of a sentences table.
        """
        needy = {(topic.name, "include") for topic in self.topics if topic.context}
        if not needy:
            yield from self._places(self.matcher(tier), texts)
            return
        for first, block in blocks(texts, 1 << 20):
            found = dict(self._places(self.matcher(tier), block))
            asked = [number for number, here in found.items() if not needy.isdisjoint(here)]
            for place, contexts in self.contexts([block[number] for number in asked]):
                found[asked[place]] = {**found[asked[place]], **contexts}
            yield from ((first + number, here) for number, here in found.items())

    def contexts(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[int, dict[Hashable, list[Candidate]]]]:
        """Yield, for each text that holds a context, its number and the places by owner."""
        return self._places(self._matcher_of("", "context"), texts) if texts else iter(())

    def _places(
        self, matcher: Matcher, texts: Sequence[str]
    ) -> Iterator[tuple[int, dict[Hashable, list[Candidate]]]]:
        found = matcher.search(texts)
        if (cut := self.segmenter) is None:
            return found
        return ((number, self._whole_words(own, texts[number], cut)) for number, own in found)

    def _whole_words(
        self, places: dict[Hashable, list[Candidate]], text: str, segmenter: Segmenter
    ) -> dict[Hashable, list[Candidate]]:
        """The places that begin and end where the segmenter's words do, if it is asked."""
        if not has_unspaced(text):
            return places
        folded = fold(text)
        starts, ends = word_edges(text, segmenter)
        return {
            owner: [
                one
                for one in candidates
                if folded.starts[one[0]] in starts and folded.ends[one[1] - 1] in ends
            ]
            for owner, candidates in places.items()
        }

    def select(
        self,
        text: str,
        places: Mapping[Hashable, Sequence[Candidate]],
        patterns: Mapping[str, Collection[str]] | None = None,
    ) -> list[Match]:
        """Return the matches in a text, of all its places that `places` yields.

        Only the include patterns that are named of each topic take part; by default all of them.
        """
        at_home = [
            one.name for one in self.topics if not one.context or places.get((one.name, "context"))
        ]
        chosen = list(choose(places, at_home, patterns, exclusive=self.exclusive))
        if not chosen or folds_evenly(text):
            return [Match(topic, pattern, start, end) for topic, start, end, pattern in chosen]
        span = fold(text).span
        return [Match(topic, pattern, *span(start, end)) for topic, start, end, pattern in chosen]

    def failing_examples(self) -> list[str]:
        """Return a line for each worked example that the core tier gets wrong."""
        examples = [
            (topic.name, example, wanted)
            for topic in self.topics
            for wanted, own in ((True, topic.match), (False, topic.no_match))
            for example in own
        ]
        found = dict(self.find_all([example for _, example, _ in examples]))
        return [
            f"topic {topic!r}: the example {example!r} should{'' if wanted else ' not'} match"
            for number, (topic, example, wanted) in enumerate(examples)
            if any(match.topic == topic for match in found.get(number, ())) != wanted
        ]

    def matcher(self, tier: str = "broad") -> Matcher:
        """Return the matcher of all topics at a tier: owners are (topic, include or exclude)."""
        every = "broad" if not any(topic.broad for topic in self.topics) else tier
        return self._matcher_of(every, "include", "exclude")

    def _matcher_of(self, tier: str, *parts: str) -> Matcher:
        # Made when first needed and kept: a cache, not part of what a dictionary is.
        made: dict[tuple[str, ...], Matcher] = vars(self).setdefault("_matchers", {})
        if (tier, *parts) not in made:
            patterns: dict[Hashable, tuple[str, ...]] = {}
            for topic in self.topics:
                own = {"exclude": topic.exclude, "context": topic.context}
                for part in parts:
                    patterns[(topic.name, part)] = (
                        self.patterns(topic, tier) if part == "include" else own[part]
                    )
            made[(tier, *parts)] = Matcher(patterns, self.variants, self.lists)
        return made[(tier, *parts)]

    def __getstate__(self) -> dict[str, Any]:
        # The matchers cannot be copied to another process, and are soon made again.
        return {name: value for name, value in vars(self).items() if name != "_matchers"}

    def us_only(self) -> Dictionary:
        """Return the dictionary without its spelling variants."""
        return replace(self, variants={})

    def _repr_html_(self) -> str:
        return to_html(self)

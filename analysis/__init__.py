"""Compare how much texts about different groups emphasise chosen topics.

The public names and nothing else. They are imported when first used, so that the command line
answers before pandas and scikit-learn are loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.accounting import document_status
    from analysis.auditing import audit, suggestions
    from analysis.coding import codes, evidence, matches, positions
    from analysis.comparison import contrasts, omnibus
    from analysis.concordance import kwic
    from analysis.corpus import sentences
    from analysis.counting import MEASURES, merge, tally
    from analysis.dictionary import Dictionary, Topic
    from analysis.distances import similarity
    from analysis.duplicates import near_duplicates
    from analysis.errors import InputError, InputWarning
    from analysis.estimation import emphasis, ways_of_counting
    from analysis.figures import alt_text, figure_html, save_figure
    from analysis.formats import read_dictionary, write_dictionary
    from analysis.furniture import read_furniture, repeated_lines
    from analysis.keywords import keyness
    from analysis.maps import plot_correspondence, plot_similarity, plot_word_shift
    from analysis.ordination import correspondence
    from analysis.pipeline import check, run
    from analysis.plots import plot_emphasis, plot_heatmap, plot_keyness, plot_positions
    from analysis.prose import findings
    from analysis.reading import read_articles
    from analysis.report import findings_html, markdown, table_html
    from analysis.results import Result
    from analysis.robustness import cleaning_effect, specifications
    from analysis.settings import Study, read_study
    from analysis.vectorize import DictionaryVectorizer, counts, tfidf
    from analysis.wordshift import word_shift

__version__ = "0.1.0"

_HOME = {
    "accounting": ["document_status"],
    "auditing": ["audit", "suggestions"],
    "coding": ["codes", "evidence", "matches", "positions"],
    "comparison": ["contrasts", "omnibus"],
    "concordance": ["kwic"],
    "corpus": ["sentences"],
    "counting": ["MEASURES", "merge", "tally"],
    "dictionary": ["Dictionary", "Topic"],
    "distances": ["similarity"],
    "duplicates": ["near_duplicates"],
    "errors": ["InputError", "InputWarning"],
    "estimation": ["emphasis", "ways_of_counting"],
    "figures": ["alt_text", "figure_html", "save_figure"],
    "formats": ["read_dictionary", "write_dictionary"],
    "furniture": ["read_furniture", "repeated_lines"],
    "keywords": ["keyness"],
    "maps": ["plot_correspondence", "plot_similarity", "plot_word_shift"],
    "ordination": ["correspondence"],
    "pipeline": ["check", "run"],
    "plots": ["plot_emphasis", "plot_heatmap", "plot_keyness", "plot_positions"],
    "prose": ["findings"],
    "reading": ["read_articles"],
    "report": ["findings_html", "markdown", "table_html"],
    "results": ["Result"],
    "robustness": ["cleaning_effect", "specifications"],
    "settings": ["Study", "read_study"],
    "vectorize": ["DictionaryVectorizer", "counts", "tfidf"],
    "wordshift": ["word_shift"],
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    value = getattr(import_module(f"analysis.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

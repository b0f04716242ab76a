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
    from analysis.bars import plot_word_shift
    from analysis.checking import check
    from analysis.coding import codes, evidence, matches, positions
    from analysis.comparison import contrasts, omnibus
    from analysis.concordance import kwic
    from analysis.confounding import confounds
    from analysis.corpus import sentences
    from analysis.counting import MEASURES, merge, tally
    from analysis.coverage import uncovered, uncovered_words
    from analysis.csv_tables import read_table, to_csv
    from analysis.curves import plot_specifications
    from analysis.dictionary import Dictionary, Topic
    from analysis.discovery import discovered_topics, topic_agreement, topic_disagreements
    from analysis.distances import similarity
    from analysis.duplicates import near_duplicates
    from analysis.errors import InputError, InputWarning
    from analysis.estimation import emphasis
    from analysis.exports import to_latex, to_markdown
    from analysis.figures import alt_text, figure_html, save_figure
    from analysis.forest import plot_contrasts, plot_trend
    from analysis.formats import read_dictionary, write_dictionary
    from analysis.furniture import read_furniture, repeated_lines
    from analysis.influence import leave_one_out
    from analysis.keywords import keyness
    from analysis.leaving_out import event_only, leave_one_article_out, leave_one_pattern_out
    from analysis.ledger import evidence_for
    from analysis.maps import plot_correspondence, plot_similarity
    from analysis.orderings import ways_of_counting
    from analysis.ordination import correspondence
    from analysis.page import report_html
    from analysis.pipeline import run
    from analysis.plots import plot_emphasis, plot_heatmap, plot_keyness, plot_positions
    from analysis.printing import save_report
    from analysis.prose import findings
    from analysis.reading import read_articles
    from analysis.report import findings_html, markdown, table_html
    from analysis.results import Result
    from analysis.robustness import cleaning_effect, specifications
    from analysis.roles import read_roles, role_table
    from analysis.settings import Study, read_study
    from analysis.stability import ordering_stability, specification_curve
    from analysis.topic_matrix import DictionaryVectorizer
    from analysis.trends import trend
    from analysis.vectorize import counts, phrase_counter, tfidf, word_uses
    from analysis.wordshift import word_shift

__version__ = "0.1.0"

_HOME = {
    "accounting": ["document_status"],
    "auditing": ["audit", "suggestions"],
    "bars": ["plot_word_shift"],
    "checking": ["check"],
    "coding": ["codes", "evidence", "matches", "positions"],
    "comparison": ["contrasts", "omnibus"],
    "concordance": ["kwic"],
    "confounding": ["confounds"],
    "corpus": ["sentences"],
    "counting": ["MEASURES", "merge", "tally"],
    "coverage": ["uncovered", "uncovered_words"],
    "csv_tables": ["read_table", "to_csv"],
    "curves": ["plot_specifications"],
    "dictionary": ["Dictionary", "Topic"],
    "discovery": ["discovered_topics", "topic_agreement", "topic_disagreements"],
    "distances": ["similarity"],
    "duplicates": ["near_duplicates"],
    "errors": ["InputError", "InputWarning"],
    "estimation": ["emphasis"],
    "exports": ["to_latex", "to_markdown"],
    "figures": ["alt_text", "figure_html", "save_figure"],
    "formats": ["read_dictionary", "write_dictionary"],
    "forest": ["plot_contrasts", "plot_trend"],
    "furniture": ["read_furniture", "repeated_lines"],
    "influence": ["leave_one_out"],
    "keywords": ["keyness"],
    "ledger": ["evidence_for"],
    "leaving_out": ["event_only", "leave_one_article_out", "leave_one_pattern_out"],
    "maps": ["plot_correspondence", "plot_similarity"],
    "orderings": ["ways_of_counting"],
    "ordination": ["correspondence"],
    "page": ["report_html"],
    "pipeline": ["run"],
    "plots": ["plot_emphasis", "plot_heatmap", "plot_keyness", "plot_positions"],
    "printing": ["save_report"],
    "prose": ["findings"],
    "reading": ["read_articles"],
    "report": ["findings_html", "markdown", "table_html"],
    "results": ["Result"],
    "roles": ["read_roles", "role_table"],
    "robustness": ["cleaning_effect", "specifications"],
    "settings": ["Study", "read_study"],
    "stability": ["ordering_stability", "specification_curve"],
    "topic_matrix": ["DictionaryVectorizer"],
    "trends": ["trend"],
    "vectorize": ["counts", "phrase_counter", "tfidf", "word_uses"],
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

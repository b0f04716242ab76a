"""The public names, by what they are for. `__init__.py` reads this list."""

# Corpus
from analysis.corpus.readers import read_articles as read_articles
from analysis.corpus.units import sentences as sentences
from analysis.corpus.status import document_status as document_status
from analysis.corpus.boilerplate import (
    read_boilerplate as read_boilerplate,
    repeated_lines as repeated_lines,
)
from analysis.corpus.duplicates import near_duplicates as near_duplicates
from analysis.corpus.roles import read_roles as read_roles, role_table as role_table
from analysis.corpus.features import (
    counts as counts,
    phrase_counter as phrase_counter,
    tfidf as tfidf,
)
from analysis.corpus.vocabulary import word_uses as word_uses

# Topics
from analysis.topics.formats import (
    read_dictionary as read_dictionary,
    write_dictionary as write_dictionary,
)
from analysis.topics.dictionary import Dictionary as Dictionary, Topic as Topic
from analysis.topics.places import Places as Places, places_of as places_of
from analysis.topics.coding import (
    codes as codes,
    evidence as evidence,
    matches as matches,
    positions as positions,
)
from analysis.topics.evidence import evidence_for as evidence_for
from analysis.topics.concordance import kwic as kwic
from analysis.topics.vectorizer import DictionaryVectorizer as DictionaryVectorizer

# Estimates
from analysis.estimates.measures import MEASURES as MEASURES
from analysis.estimates.tallies import Tally as Tally, merge as merge, tally as tally
from analysis.estimates.sums import Reading as Reading
from analysis.estimates.archives import Archive as Archive, tally_files as tally_files
from analysis.estimates.prior import Prior as Prior
from analysis.estimates.shares import emphasis as emphasis
from analysis.estimates.by_article import omnibus as omnibus
from analysis.estimates.comparison import contrasts as contrasts
from analysis.estimates.confounding import confounds as confounds
from analysis.estimates.trends import trend as trend
from analysis.estimates.planning import articles_needed as articles_needed
from analysis.estimates.specifications import (
    specifications as specifications,
    cleaning_effect as cleaning_effect,
)
from analysis.estimates.stability import (
    ordering_stability as ordering_stability,
    specification_curve as specification_curve,
)
from analysis.estimates.leaving_out import (
    event_only as event_only,
    leave_one_article_out as leave_one_article_out,
    leave_one_out as leave_one_out,
)
from analysis.estimates.leaving_patterns_out import leave_one_pattern_out as leave_one_pattern_out

# Words
from analysis.words.keywords import keyness as keyness
from analysis.words.distances import similarity as similarity
from analysis.words.correspondences import correspondence as correspondence
from analysis.words.shifts import word_shift as word_shift

# Validation
from analysis.validation.codes import read_codes as read_codes
from analysis.validation.sampling import (
    coding_sample as coding_sample,
    save_coding_sheet as save_coding_sheet,
)
from analysis.validation.refitting import refit_sample as refit_sample
from analysis.validation.by_hand import code_by_hand as code_by_hand
from analysis.validation.classifier import classified_codes as classified_codes
from analysis.validation.agreement import agreement as agreement
from analysis.validation.rates import (
    codes_needed as codes_needed,
    error_rates as error_rates,
    refuse_unequal_recall as refuse_unequal_recall,
)
from analysis.validation.correction import (
    corrected_contrasts as corrected_contrasts,
    corrected_emphasis as corrected_emphasis,
)
from analysis.validation.auditing import audit as audit, suggestions as suggestions
from analysis.validation.coverage import uncovered as uncovered, uncovered_words as uncovered_words
from analysis.validation.discovery import discovered_topics as discovered_topics

# Findings and reports
from analysis.prose.language import Language as Language, read_language as read_language
from analysis.prose.tables import Tables as Tables
from analysis.prose.writing import findings as findings
from analysis.report.notebook import findings_html as findings_html
from analysis.report.notebook import findings_markdown as findings_markdown
from analysis.report.page import report_html as report_html
from analysis.report.printers import save_report as save_report

# Figures
from analysis.figures.shares import (
    plot_emphasis as plot_emphasis,
    plot_heatmap as plot_heatmap,
)
from analysis.figures.positions import plot_positions as plot_positions
from analysis.figures.slides import plot_slide as plot_slide
from analysis.figures.differences import plot_contrasts as plot_contrasts, plot_trend as plot_trend
from analysis.figures.curves import plot_specifications as plot_specifications
from analysis.figures.maps import (
    plot_correspondence as plot_correspondence,
    plot_similarity as plot_similarity,
)
from analysis.figures.words import (
    plot_keyness as plot_keyness,
    plot_word_shift as plot_word_shift,
)
from analysis.figures.files import (
    alt_text as alt_text,
    figure_html as figure_html,
    save_figure as save_figure,
)

# Studies
from analysis.study.study import Study as Study, read_study as read_study
from analysis.study.explorer import explore as explore
from analysis.study.outputs import run as run
from analysis.study.check.checking import check as check

# Checks of one's own
from analysis.corpus.readers.checks import check_reader as check_reader
from analysis.topics.formats.checks import check_format as check_format
from analysis.words.checks import check_measure as check_measure
from analysis.figures.checks import check_figure as check_figure

# Tables, results, errors
from analysis.io.csv import read_table as read_table, to_csv as to_csv
from analysis.io.exports import to_latex as to_latex, to_markdown as to_markdown
from analysis.io.display import table_html as table_html
from analysis.io.results import Result as Result
from analysis.errors import InputError as InputError, InputWarning as InputWarning

__version__: str
__all__: list[str]

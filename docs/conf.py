"""How Sphinx makes the site; docs/website.py starts it."""

from analysis import __version__

project = "topic-emphasis"
version = release = __version__
copyright = "the topic-emphasis authors"
extensions = ["myst_nb"]
root_doc = "index"
nitpicky = True

nb_execution_mode = "off"  # the notebooks as they are committed, executed and tested
nb_output_stderr = "show"
myst_heading_anchors = 3  # the anchors that GitHub makes of headings

html_theme = "pydata_sphinx_theme"
html_title = "topic-emphasis"
html_static_path = ["_theme/static"]
templates_path = ["_theme"]
html_sidebars = {"**": ["contents"]}
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_center": [],
    "navbar_end": ["theme-switcher"],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
}
html_context = {"default_mode": "auto"}

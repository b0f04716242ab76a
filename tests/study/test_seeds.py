"""The study's data are as given, and described as they are."""

import csv
import hashlib
import json

import pytest

from tests import SEEDS

PACKAGE = json.loads((SEEDS / "datapackage.json").read_text("utf-8"))


@pytest.mark.parametrize("resource", PACKAGE["resources"], ids=lambda resource: resource["path"])
def test_the_data_package_describes_the_files(resource):
    content = (SEEDS / resource["path"]).read_bytes()
    assert resource["bytes"] == len(content)
    digest = hashlib.sha256(content).hexdigest()
    assert resource["hash"] == f"sha256:{digest}"
    assert resource["sources"]
    assert resource["licenses"]
    if resource["format"] == "txt":
        assert f"| {len(content)} | `{digest}` |" in (SEEDS / "README.md").read_text("utf-8")


def test_every_article_is_listed_and_every_column_described():
    described = {resource["path"] for resource in PACKAGE["resources"]}
    tables = {"articles.csv", "roles.csv", "codes_1.csv", "codes_2.csv"}
    assert described == {path.name for path in SEEDS.glob("*.txt")} | tables
    (table,) = (r for r in PACKAGE["resources"] if r["path"] == "articles.csv")
    with (SEEDS / "articles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [field["name"] for field in table["schema"]["fields"]] == list(rows[0])
    for row in rows:
        assert all(row[name] for name in row["inferred"].split())

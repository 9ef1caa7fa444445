"""Tables of text: those that Resource Graph saved are read, others get a word of advice."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from read_samples import HUB, graph_row, nsg, read, refusal, rest_vnet, rule, said

from diagramgen.located import Place
from diagramgen.read.render_diagnostics import spot_of
from diagramgen.read.tables import rows_of_csv


def table(*rows: dict[str, Any], separator: str = ",", end: str = "\r\n") -> str:
    """Rows of Resource Graph as the portal saves them: every cell quoted, JSON in cells, `null` for what is absent."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            "null" if cell is None else cell if isinstance(cell, str) else json.dumps(cell, indent=1)
            for cell in row.values()
        )
    return out.getvalue()


ROWS = (graph_row(rest_vnet()), graph_row(nsg(rule("a", 100))))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_table_says_what_the_rows_say(separator: str, end: str) -> None:
    text = table(*ROWS, separator=separator, end=end)
    assert said(read(text)) == said(read(list(ROWS)))
    assert said(read("\ufeff" + text)) == said(read(list(ROWS)))


def test_columns_come_in_any_case_and_order() -> None:
    row = dict(reversed(ROWS[0].items()))
    shouted = {key.upper(): value for key, value in row.items()}
    assert said(read(table(shouted))) == said(read([ROWS[0]]))


def test_a_table_that_a_spreadsheet_saved_says_its_separator() -> None:
    assert said(read("sep=;\r\n" + table(*ROWS, separator=";"))) == said(read(list(ROWS)))


def test_unquoted_cells_are_read() -> None:
    text = f'id,type,properties\n{HUB},microsoft.network/virtualnetworks,"{{""subnets"":[]}}"\n\n'
    (record,) = read(text).records
    assert record.properties == {"subnets": []}


def test_a_place_in_a_table_is_the_line_of_its_row() -> None:
    text = table(*ROWS)
    assert spot_of(text, Place("a.csv", (0, "properties", "subnets"))) == (2, 1, 1)
    line, _, _ = spot_of(text, Place("a.csv", (1,))) or (0, 0, 0)
    assert text.splitlines()[line - 1].startswith('"')
    assert line > 10


POOR = {
    "portal list": ('\ufeffNAME,TYPE,LOCATION,\r\n"lb1","Load balancer","East US",\r\n', "names for people"),
    "formatted": (table({**ROWS[0], "id": "vnet-hub"}), "no resource ids"),
    "projected": (table({"id": HUB, "name": "vnet-hub", "type": "x"}), "without a column `properties`"),
    "without ids": ("name,type,location\nvnet-hub,x,westeurope\n", "names for people"),
    "activity log": ("Correlation id,Operation name,Status\r\n1,Write,OK\r\n", "an activity log"),
    "visualizer": ('"SubscriptionName";"Subscription";"MGPath";"VNet"\n"a";"b";"c";"d"\n', "Governance Visualizer"),
    "rules": ("Priority,Name,Port,Protocol,Source,Destination,Action\n100,a,443,TCP,Any,Any,Allow\n", "of an NSG"),
}  # fmt: skip


@pytest.mark.parametrize("name", POOR)
def test_a_table_that_tells_too_little_is_refused_with_advice(name: str) -> None:
    text, words = POOR[name]
    error = refusal(text)
    assert words in error.message
    assert error.hints


def test_a_cell_that_a_spreadsheet_cut_is_named() -> None:
    cut = table(ROWS[0], {**ROWS[1], "properties": '{"a": "' + "x" * 32_760})
    error = refusal(cut)
    assert "is cut off" in error.message
    assert error.line is not None and error.line > 2


@pytest.mark.parametrize("text", ["subscriptions:\n- name: a, b\n", "a\n", "title: x, y\nvnets:\n", "-, -\n"])
def test_other_text_is_no_table(text: str) -> None:
    assert rows_of_csv("a", text) is None

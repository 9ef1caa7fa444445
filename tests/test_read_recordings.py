"""Batches, recordings and pages: every answer in them is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from read_samples import (
    HUB,
    NSG,
    by_id,
    graph_answer,
    graph_row,
    nsg,
    read,
    refusal,
    rest_vnet,
    rule,
    said,
)

from diagramgen.diagnostics import Diagnostic
from diagramgen.read import Source, read_records
from diagramgen.read.render_diagnostics import render_diagnostics

URL = f"https://management.azure.com{HUB}?api-version=2024-05-01"


def test_the_answers_of_a_batch_are_read() -> None:
    batch = {
        "responses": [
            {"httpStatusCode": 200, "content": {"value": [rest_vnet()]}},
            {"httpStatusCode": 200, "content": nsg(rule("a", 100))},
            {"httpStatusCode": 403, "content": {"error": {"code": "AuthorizationFailed", "message": "no"}}},
        ]
    }
    reading = read(batch)
    assert said(reading) == said(read(rest_vnet(), nsg(rule("a", 100))))
    assert [d.message for d in reading.diagnostics] == [
        "1 of the 3 calls of a batch failed: what they asked for is not in the export"
    ]
    plain = {"responses": [{"status": 200, "body": rest_vnet()}]}
    assert said(read(plain)) == said(read(rest_vnet()))


def recordings(body: Any) -> dict[str, dict[str, Any]]:
    """The same two calls, the second answered with `body`, as each kind of recording keeps them."""
    first = rest_vnet()
    first["properties"]["addressSpace"] = {"addressPrefixes": ["10.99.0.0/16"]}
    old, new = json.dumps(first), json.dumps(body)
    put = {
        "request": {"method": "PUT", "uri": URL},
        "response": {"status": {"code": 201}, "body": {"string": "{}"}},
    }
    return {
        "VCR with text": {
            "interactions": [
                {
                    "request": {"method": "GET", "uri": URL},
                    "response": {"status": {"code": 200}, "body": {"string": old}},
                },
                put,
                {
                    "request": {"method": "GET", "uri": URL},
                    "response": {"status": {"code": 200}, "body": {"string": new}},
                },
            ]
        },
        "VCR with data": {
            "interactions": [
                {
                    "request": {"method": "GET", "uri": URL},
                    "response": {"status": {"code": 200}, "body": {"data": body}},
                }
            ]
        },
        "test proxy": {
            "Entries": [
                {"RequestUri": URL, "RequestMethod": "GET", "StatusCode": 200, "ResponseBody": first},
                {"RequestUri": URL, "RequestMethod": "DELETE", "StatusCode": 202, "ResponseBody": None},
                {"RequestUri": URL, "RequestMethod": "GET", "StatusCode": 200, "ResponseBody": body},
                {
                    "RequestUri": URL + "1",
                    "RequestMethod": "GET",
                    "StatusCode": 404,
                    "ResponseBody": {"error": {"code": "x"}},
                },
            ],
            "Variables": {},
        },
        "session file": {
            "Entries": [{"RequestUri": URL, "RequestMethod": "GET", "StatusCode": 200, "ResponseBody": new}],
            "Names": {},
        },
        "Java": {
            "networkCallRecords": [
                {"Method": "GET", "Uri": URL, "Headers": {}, "Response": {"StatusCode": "200", "Body": new}}
            ],
            "variables": [],
        },
    }


@pytest.mark.parametrize("kind", recordings(None))
def test_the_last_answer_of_a_recording_counts(kind: str) -> None:
    reading = read(recordings(rest_vnet())[kind])
    assert said(reading) == said(read(rest_vnet()))
    assert [d.code for d in reading.diagnostics] == ["recording"]


def test_secrets_inside_the_text_of_a_recording_are_taken_out() -> None:
    body = rest_vnet()
    body["properties"]["sharedKey"] = "hunter2"
    reading = read(recordings(body)["VCR with text"])
    assert "hunter2" not in str(reading.records)
    assert by_id(reading)[HUB.lower()].properties["sharedKey"] == "(removed)"


def test_pages_of_any_answer_are_read() -> None:
    pages = [graph_answer(graph_row(rest_vnet())), [nsg()], {"value": [], "nextLink": None}, {"value": None}]
    assert NSG.lower() in by_id(read(pages))
    assert HUB.lower() in by_id(read(json.dumps(pages[0]) + "\n" + json.dumps(pages[1])))


@pytest.mark.parametrize("broken", [None, 7, "x", "{", [], {}, [None], {"error": 1}])
def test_broken_answers_never_crash(broken: Any) -> None:
    for document in recordings(broken).values():
        read(rest_vnet(), document)
    read(
        rest_vnet(),
        {"responses": [{"content": broken}, {"content": broken, "httpStatusCode": broken}, broken]},
    )


def test_the_answer_of_an_example_of_the_api_is_read() -> None:
    sent = {"api-version": "2024-05-01", "parameters": nsg(rule("sent", 100))}
    example = {
        "title": "x",
        "parameters": sent,
        "responses": {"200": {"body": rest_vnet()}, "201": {"body": {}}},
    }
    reading = read(example)
    assert said(reading) == said(read(rest_vnet()))
    assert [d.code for d in reading.diagnostics] == ["example"]
    later = {"parameters": {}, "responses": {"200": {}, "202": {"body": {"value": [rest_vnet()]}}}}
    assert said(read(later)) == said(read(rest_vnet()))
    assert (
        "whose answer is empty"
        in refusal({"parameters": {}, "responses": {"204": {}, "default": None}}).message
    )
    assert "is no export" in refusal({"parameters": {}, "responses": {"200": {"body": {"count": 2}}}}).message


def cassette(body: Any) -> str:
    """A recording in YAML, as the tests of Azure CLI keep it."""
    answer = json.dumps(body).replace("'", "''")
    return f"""interactions:
- request:
    body: null
    headers: {{Accept: [application/json]}}
    method: PUT
    uri: {URL}
  response:
    body: {{string: !!python/unicode '{answer}'}}
    status: {{code: 201, message: Created}}
- request:
    method: GET
    uri: https://management.azure.com/operations/1
  response:
    body:
      string: '{{"status":"Succeeded"}}'
    status:
      code: 200
      message: OK
"""


def test_a_recording_in_yaml_is_read_and_what_was_written_counts() -> None:
    reading = read(cassette(rest_vnet()))
    assert said(reading) == said(read(rest_vnet()))
    assert [d.code for d in reading.diagnostics] == ["recording"]
    assert "is no export" in refusal("interactions:\n- {}\n").message


def test_secrets_in_the_lines_of_a_recording_are_not_shown() -> None:
    body = rest_vnet()
    body["properties"]["sharedKey"] = "hunter2"
    body["properties"]["addressSpace"] = {"addressPrefixes": ["10.0.0.0/33"]}
    source = Source("x.yaml", cassette(body).encode())
    reading = read_records([source, Source("y.json", json.dumps(nsg()).encode())])
    record = by_id(reading)[HUB.lower()]
    told = Diagnostic("warning", "x", "x", record.places.get("properties", record.place))
    assert "hunter2" not in render_diagnostics([told], reading.sources) + str(reading.records)

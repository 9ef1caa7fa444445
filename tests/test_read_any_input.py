"""Any bytes and any JSON end in a reading or in an input error, never in anything else."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from read_samples import HUB, NSG, az_vnet, graph_answer, graph_row, nsg, rest_vnet, rule

from diagramgen.diagnostics import InputError
from diagramgen.read import Source, read_records

WORDS = st.sampled_from(
    [
        *(
            "id",
            "name",
            "type",
            "properties",
            "value",
            "data",
            "count",
            "total_records",
            "columns",
            "rows",
            "tags",
        ),
        *(
            "subnets",
            "securityRules",
            "ipConfigurations",
            "children",
            "resources",
            "vnets",
            "error",
            "$schema",
        ),
        *(
            "ResourceId",
            "Properties",
            "tenantId",
            "state",
            "sharedKey",
            "details",
            "parent",
            "location",
            "sku",
        ),
        *(
            "managementGroupAncestorsChain",
            "nextLink",
            "skip_token",
            "resultTruncated",
            "createdTime",
            "routes",
        ),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from([HUB, NSG, f"{HUB}/subnets/a", "/subscriptions/s", "microsoft.network/virtualnetworks"])
    | st.sampled_from(["/providers/Microsoft.Management/managementGroups/x", "/", "//providers//", "@{a=1}"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=30,
)
SAMPLES = [
    rest_vnet(),
    [az_vnet()],
    graph_answer(graph_row(rest_vnet()), graph_row(nsg(rule("a", 1)))),
    {"value": [nsg(rule("a", 1))]},
]


def survives(*files: bytes) -> None:
    try:
        reading = read_records(Source(f"f{n}", data) for n, data in enumerate(files))
    except InputError as problem:
        assert any(d.severity == "error" for d in problem.diagnostics)
        assert all(d.message and d.code for d in problem.diagnostics)
    else:
        ids = [record.id for record in reading.records]
        assert ids == sorted(set(ids))
        assert all(isinstance(r.name, str) and isinstance(r.location, str) for r in reading.records)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    survives(b"[" + data)
    survives(b"{" + data)


@settings(max_examples=400, deadline=None)
@given(VALUES, VALUES)
def test_any_json(first: Any, second: Any) -> None:
    survives(json.dumps(first).encode())
    survives(json.dumps([first]).encode(), json.dumps({"value": [second]}).encode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_real_export_with_one_value_replaced(sample: Any, data: st.DataObject) -> None:
    changed = json.loads(json.dumps(sample))
    here = changed
    while isinstance(here, (dict, list)) and here:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], (dict, list)) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(VALUES)
            break
        here = here[key]
    survives(json.dumps(changed).encode(), json.dumps(sample).encode())


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(min_value=0, max_value=5000))
def test_an_export_cut_anywhere(sample: Any, at: int) -> None:
    survives(json.dumps(sample).encode()[: at + 1])

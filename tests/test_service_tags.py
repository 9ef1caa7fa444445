"""Service tags: the weekly file, and what a tag means with and without it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagramgen.analyse.addresses import PUBLIC, Addresses
from diagramgen.analyse.tags import ServiceTags, read_service_tags, tag_match
from diagramgen.diagnostics import InputError
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import ADDRESSES, Ranges, covers, overlap, parse_addresses
from diagramgen.read import Source, read_records

FILE = "downloads/ServiceTags_Public_20240527.json"
SPEC = "vnets: {Hub: {address: 10.0.0.0/16, subnets: {Web: {address: 10.0.1.0/24}}}, Sketch: }"


def value(name: str, *prefixes: str) -> dict[str, Any]:
    return {"name": name, "id": name, "properties": {"region": "", "addressPrefixes": list(prefixes)}}


def weekly(*values: dict[str, Any]) -> bytes:
    return json.dumps({"changeNumber": 329, "cloud": "Public", "values": values}).encode()


TAGS = read_service_tags(
    weekly(
        value("Storage", "20.60.0.0/16", "20.150.0.0/17", "2603:1020::/48"),
        value("Storage.WestEurope", "20.60.0.0/24"),
        value("Sql", "104.40.0.0/24"),
        value("AzureCloud.northeurope", "20.150.0.0/16"),
    ),
    FILE,
)


def addresses_of(text: str) -> Ranges:
    found = parse_addresses(text)
    assert found is not None
    return found


@pytest.fixture
def addresses() -> Addresses:
    return Addresses(build_topology(read_records([Source("a.yaml", SPEC.encode())])))


def test_the_weekly_file_tells_prefixes_date_and_change_number() -> None:
    assert (TAGS.date, TAGS.change_number, TAGS.cloud, len(TAGS)) == ("2024-05-27", "329", "Public", 4)
    assert TAGS.prefixes("storage.westEUROPE") == addresses_of("20.60.0.0/24")
    assert covers(TAGS.prefixes("Storage") or (), addresses_of("2603:1020::/64"))
    assert TAGS.prefixes("AzureKeyVault") is None


def test_a_file_without_a_date_in_its_name_has_no_date() -> None:
    assert read_service_tags(weekly(value("Sql", "104.40.0.0/24")), "tags.json").date == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_encodings_of_windows_are_read(encoding: str) -> None:
    text = weekly(value("Sql", "104.40.0.0/24")).decode()
    assert read_service_tags(text.encode(encoding), FILE).prefixes("Sql") == addresses_of("104.40.0.0/24")


def test_the_large_letters_of_powershell_are_read() -> None:
    text = json.dumps({"Values": [{"Name": "Sql", "Properties": {"AddressPrefixes": ["104.40.0.0/24"]}}]})
    assert read_service_tags(text.encode(), FILE).prefixes("sql") == addresses_of("104.40.0.0/24")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<!DOCTYPE html><html>", "it is a web page, perhaps the one that leads to the download"),
        (b"name,prefix\n", "it is no JSON"),
        (b'{"value": []}', "it has no list `values`"),
        (b"[1, 2]", "it has no list `values`"),
        (b'{"values": [{"name": "Sql"}, 3]}', "none of its `values` has a name and prefixes"),
    ],
)
def test_a_wrong_file_is_refused_with_the_right_one_named(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read_service_tags(data, "tags.json")
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.message == f"`tags.json` does not hold service tags: {message}"
    assert "ServiceTags_Public_DATE.json" in diagnostic.hints[0]


def test_a_damaged_prefix_is_refused_at_its_place() -> None:
    with pytest.raises(InputError) as raised:
        read_service_tags(weekly(value("Sql", "104.40.0.0/24", "secret")), FILE)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.message == "`secret` of the service tag `Sql` is no address prefix"
    assert diagnostic.place is not None
    assert diagnostic.place.path == ("values", 0, "properties", "addressPrefixes", 1)


def test_broken_json_is_refused_as_such() -> None:
    with pytest.raises(InputError, match="cannot be read as JSON"):
        read_service_tags(b'{"values": [', FILE)


def test_a_prefix_out_of_range_makes_the_tag_unknown() -> None:
    tags = read_service_tags(weekly(value("Sql", "104.400.0.0/24")), FILE)
    assert tags.prefixes("Sql") is None


def test_with_data_a_tag_holds_its_prefixes(addresses: Addresses) -> None:
    sure, possible, assumptions = tag_match("Storage.WestEurope", TAGS, addresses)
    assert sure == possible == addresses_of("20.60.0.0/24")
    assert assumptions == ("ASSUME_TAG_DATA",)


@pytest.mark.parametrize(("word", "tags"), [("Storage", None), ("AzureKeyVault", TAGS), ("Sorage", TAGS)])
def test_without_data_a_tag_may_hold_everything_public(
    word: str, tags: ServiceTags | None, addresses: Addresses
) -> None:
    sure, possible, assumptions = tag_match(word, tags, addresses)
    assert sure == ()
    assert covers(possible, PUBLIC) and covers(possible, addresses.internet)
    assert not overlap(possible, addresses_of("10.0.0.0/8"))
    assert assumptions == ("ASSUME_NO_TAG_DATA",)


@pytest.mark.parametrize("word", ["10.0.0.0/33", "[parameters('spoke')]", "${var.spoke}", "999.1.1.1", ""])
def test_a_word_that_is_no_tag_may_mean_anything(word: str, addresses: Addresses) -> None:
    assert tag_match(word, TAGS, addresses) == ((), ADDRESSES, ("ASSUME_ADDRESS_UNKNOWN",))


def test_a_network_without_addresses_is_in_no_tag(addresses: Addresses) -> None:
    sketch = addresses.vnet("vnets/sketch")
    assert sketch
    assert not overlap(tag_match("Storage", None, addresses)[1], sketch)


@pytest.mark.parametrize("tags", [None, TAGS])
@pytest.mark.parametrize(
    ("word", "own", "is_held"),
    [
        ("Storage", "storage", True),
        ("Storage", "storage.westeurope", True),
        ("Storage.WestEurope", "storage", None),
        ("Storage.WestEurope", "storage storage.westeurope", True),
        ("Storage.NorthEurope", "storage storage.westeurope", False),
        ("Sql", "storage", False),
        ("AzureCloud", "storage", True),
        ("AzureCloud.northeurope", "storage", None),
    ],
)
def test_the_address_of_a_service_is_in_its_tags(
    word: str, own: str, is_held: bool | None, tags: ServiceTags | None, addresses: Addresses
) -> None:
    service = addresses.service("account", frozenset(own.split()))
    sure, possible, _ = tag_match(word, tags, addresses)
    assert covers(sure, service) is (is_held is True)
    assert covers(possible, service) is (is_held is not False)


def test_data_tells_the_region_of_a_service_apart(addresses: Addresses) -> None:
    service = addresses.service("account", frozenset({"storage.westeurope"}))
    assert not overlap(tag_match("AzureCloud.northeurope", TAGS, addresses)[1], service)


def test_a_public_address_that_is_not_told_may_be_in_any_tag(addresses: Addresses) -> None:
    address = addresses.service("a public IP", frozenset())
    for tags in (None, TAGS):
        sure, possible, _ = tag_match("Storage", tags, addresses)
        assert not overlap(sure, address) and covers(possible, address)

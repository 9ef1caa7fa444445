"""Every test vector, expanded into a whole estate and put to the program, gives what the vector expects."""

from __future__ import annotations

import pytest
import vectors

VECTORS = vectors.load()
if not VECTORS:
    pytest.skip("the vectors' file is not beside the project", allow_module_level=True)
ASKED = [v for v in VECTORS if not (vectors.expand(v).unsupported or vectors.NOT_ASKED.get(v.id))]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_a_vector_has_an_expansion(vector: vectors.Vector) -> None:
    assert vectors.expand(vector).arm.resources or vectors.expand(vector).unsupported


def test_every_vector_is_asked_but_three_that_other_tests_cover() -> None:
    """RT-25 by tests/test_service_endpoint_routes.py, FW-06 and FW-08 by tests/test_firewall.py."""
    assert {vector.id for vector in VECTORS} - {vector.id for vector in ASKED} == {"RT-25", "FW-06", "FW-08"}


@pytest.mark.parametrize("vector", ASKED, ids=[vector.id for vector in ASKED])
def test_the_program_says_what_a_vector_expects(vector: vectors.Vector) -> None:
    assert vectors.answers(vector, vectors.expand(vector)).differences == {}

"""Every test vector, expanded into a whole estate and put to the program, gives what the vector expects."""

from __future__ import annotations

import importlib.util

import pytest
import vectors

VECTORS = vectors.load()
if not VECTORS:
    pytest.skip("the vectors' file is not beside the project", allow_module_level=True)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_a_vector_has_an_expansion(vector: vectors.Vector) -> None:
    assert vectors.expand(vector).arm.resources or vectors.expand(vector).unsupported


@pytest.mark.skipif(
    importlib.util.find_spec("diagramgen.analyse.trace") is None,
    reason="the program does not trace packets yet",
)
@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_the_program_says_what_a_vector_expects(vector: vectors.Vector) -> None:
    case = vectors.expand(vector)
    reason = case.unsupported or vectors.NOT_ASKED.get(vector.id)
    if reason:
        pytest.skip(reason)
    assert vectors.answers(vector, case).differences == {}

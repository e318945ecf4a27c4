"""The tree is RFC 6962's: its published vectors, its definition, and what breaks it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.tree import NODE, Frontier, joined

INPUTS = tuple(
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
"""The entries of certificate-transparency's own test of its tree (merkle_tree_test)."""

ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Its roots of the first 1 to 8 entries."""

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def defined(hashes: list[bytes]) -> bytes:
    """Return the root as section 2.1 of RFC 6962 defines it, by recursion."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(NODE + defined(hashes[:split]) + defined(hashes[split:])).digest()


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Frontier().root().hex() == EMPTY


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert Frontier().grown(map(leaf, INPUTS[:size])).root().hex() == ROOTS[size - 1]


@given(leaves)
def test_the_root_is_the_one_that_the_rfc_defines(hashes: list[bytes]) -> None:
    assert Frontier().grown(hashes).root() == defined(hashes)


@given(leaves, st.integers(0, 70))
def test_a_tree_grows_in_any_batches(hashes: list[bytes], cut: int) -> None:
    whole, parts = Frontier().grown(hashes), Frontier().grown(hashes[:cut]).grown(hashes[cut:])
    assert parts == whole
    assert whole.size == len(hashes)
    assert len(whole.peaks) == len(hashes).bit_count()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
def test_another_leaf_anywhere_is_another_root(hashes: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(hashes) - 1))
    forged = [*hashes[:place], leaf(hashes[place]), *hashes[place + 1 :]]
    assert Frontier().grown(forged).root() != Frontier().grown(hashes).root()


def test_leaves_joined_in_pairs_alone_would_be_noticed() -> None:
    hashes = [leaf(data) for data in INPUTS[:3]]
    twice_the_last = joined(joined(*hashes[:2]), joined(hashes[2], hashes[2]))
    assert twice_the_last != defined(hashes)

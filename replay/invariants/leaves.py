"""I24: the stored hashes are those of the stored columns and bytes, up to the tree's roots."""

from __future__ import annotations

from dataclasses import fields

from eventstore.auditing import StoredRow
from replay.entry import Entry
from replay.invariants.check import Check
from replay.invariants.roots import Roots
from schema.law import law_columns
from schema.leaf import Header, body_hash_of, leaf_of

HEADER_FIELDS = tuple(field.name for field in fields(Header))


class LeavesAreTrue(Check):
    """Hashes every row again, and compares the law's columns with the body that they repeat.

    The heads of the tree on record are compared with the tree of the leaves.
    """

    id = "I24"
    says = "leaves are the hashes of their rows, columns are the body's, heads the roots of leaves"

    def __init__(self) -> None:
        super().__init__()
        self._roots = Roots()

    def _see(self, entry: Entry) -> None:
        if entry.row is not None:
            head = self._roots.fault_of(entry, entry.row.leaf)
            why = _fault(entry, entry.row) or head
            self.expect(why == "", entry.position, why)


def _fault(entry: Entry, row: StoredRow) -> str:
    header = Header(**{name: getattr(row, name) for name in HEADER_FIELDS})
    if leaf_of(header) != row.leaf:
        return "the leaf is not the hash of the row"
    erased = row.salt is None or row.body is None
    if not erased and body_hash_of(row.salt or b"", row.body or b"") != row.body_hash:
        return "the body is not the one that was hashed"
    return "" if entry.event is None else _other_columns(entry)


def _other_columns(entry: Entry) -> str:
    law = law_columns(entry.event)
    said = (law.permit, law.posted_id, law.text_hash, law.target, law.target_author)
    stored = (entry.permit, entry.posted_id, entry.text_hash, entry.target, entry.target_author)
    return "" if said == stored else f"columns say {stored}, the body {said}"

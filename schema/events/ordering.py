"""Ordering: what a person did about orders that were set aside or lost from their queues."""

from __future__ import annotations

from schema.events.base import Event


class OrderRequeued(Event, frozen=True, kw_only=True):
    """A parked order is in its queue again, with its count of reads begun anew."""

    queue: str
    order_position: int
    why: str
    by: str


class OrderDropped(Event, frozen=True, kw_only=True):
    """A parked order is given up: nobody will carry it out."""

    queue: str
    order_position: int
    why: str
    by: str


class QueuesRebuilt(Event, frozen=True, kw_only=True):
    """Orders that were missing from their queues are there again, by queue."""

    restored: dict[str, int]
    why: str
    by: str
